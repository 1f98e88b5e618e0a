/** Every screen in a theme, on desk or phone: no serious issue for axe, and a picture of it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { before, test } from "node:test";
import { assertBest, atRest, DESKTOP, hand, open, PHONE, rankedAgain, shown, tile } from "./browser.mjs";
import { FROM_PAGE, PHOTOS, shared } from "./server.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf-8");
const SCREENSHOTS = new URL("../../screenshots/", import.meta.url).pathname;
const TAUGHT = "zorblax";

/** Name of a screen -> the server it is on, its address, and what leads there. */
const SCREENS = {
  start: [
    "screens",
    "/",
    async (page) => {
      await shown(page);
      await page.getByRole("list", { name: "Words you taught" }).waitFor();
    },
  ],
  results: ["screens", "/?q=cat+rocket", (page) => shown(page)],
  understanding: [
    "screens",
    "/?q=cat+rocket&without=rocket",
    async (page) => {
      await shown(page);
      await page.getByRole("button", { name: /^cat/ }).click();
    },
  ],
  completion: [
    "screens",
    "/",
    async (page) => {
      await page.evaluate(() => localStorage.setItem("searches", '["rocket at night"]'));
      await page.getByRole("combobox", { name: "Search" }).fill("rock");
      await page.getByRole("option").first().waitFor();
      await page.keyboard.press("ArrowDown");
    },
  ],
  judged: [
    "screens",
    "/?q=rocket",
    async (page) => {
      await shown(page);
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowRight");
      await rankedAgain(page, () => page.keyboard.press("g"));
      await page.getByRole("region", { name: "Learning" }).waitFor();
    },
  ],
  chosen: [
    "screens",
    "/?q=cat+rocket",
    async (page) => {
      await shown(page);
      const links = page.locator("li[data-id] > a");
      await links.nth(0).click({ modifiers: ["Control"] });
      await links.nth(2).click();
      await page.getByRole("region", { name: "Chosen photos" }).getByText("2 photos").waitFor();
    },
  ],
  learned: ["screens", `/?q=${TAUGHT}`, (page) => shown(page)],
  unfamiliar: ["screens", "/?q=zebrra", (page) => shown(page)],
  picture: [
    "screens",
    "/?q=cat",
    async (page) => {
      await hand(page, "drop", join(PHOTOS, "flower.jpg"));
      await page.waitForURL("**like=*");
      await assertBest(page, ["chelsea.png", "flower.jpg"]);
    },
  ],
  refused: [
    "screens",
    "/",
    async (page) => {
      await hand(page, "drop", new URL(import.meta.url).pathname);
      await page.getByText("can't read this file").waitFor();
    },
  ],
  photo: [
    "screens",
    "/?q=cat+rocket",
    async (page) => {
      await shown(page);
      const told = { seconds: 0.004, f_number: 2.8, iso: 400, focal_length: 35, focal_length_35mm: 52 };
      const lens = "AF-S DX NIKKOR 35mm f/1.8G";
      await page.route("**/exif", (route) => route.fulfill({ json: { ...told, lens } }));
      await page.locator("li[data-id] > a").first().click();
      await page.getByText("What Magpie recognised").waitFor();
      await page.getByText(lens).waitFor();
      await page.getByRole("region", { name: "Similar photos" }).getByRole("img").first().waitFor();
    },
  ],
  film: ["furnished", "/?q=cat", (page) => page.getByText("0:42").waitFor()],
  damaged: [
    "furnished",
    "/?q=coffee",
    async (page) => {
      await tile(page, "coffee.png").getByRole("link").click();
      await page.getByText("Damaged file").scrollIntoViewIfNeeded();
    },
  ],
  "left-out": [
    "furnished",
    "/",
    async (page) => {
      await shown(page);
      await page.getByText("files left out").scrollIntoViewIfNeeded();
    },
  ],
  all: [
    "dated",
    "/photos?at=2022-06",
    async (page) => {
      await page.getByRole("heading", { name: "June 2022" }).waitFor();
      await page.waitForFunction(() => document.querySelectorAll("li[data-id]").length > 15);
      await page.getByRole("slider").focus();
    },
  ],
  "all-undated": [
    "dated",
    "/photos?at=none",
    async (page) => {
      await page.getByRole("heading", { name: "Without a date" }).waitFor();
      await shown(page);
    },
  ],
  status: ["furnished", "/status", (page) => page.getByText("/pictures/torn.jpg").waitFor()],
  words: [
    "screens",
    "/words",
    async (page) => {
      await page.getByRole("button", { name: "Forget" }).first().waitFor();
      await page.getByRole("link", { name: "Photos of" }).getByRole("img").last().waitFor();
    },
  ],
  history: ["screens", "/history", (page) => page.getByText("Taught").first().waitFor()],
  nothing: ["screens", "/?q=cat&without=cat", (page) => page.getByText("Nothing found").waitFor()],
  recent: [
    "screens",
    "/",
    async (page) => {
      await shown(page);
      await page.evaluate(() => localStorage.setItem("searches", '["rocket at night", "cat"]'));
      await page.getByRole("combobox", { name: "Search" }).click();
      await page.getByRole("option", { name: "Forget recent searches" }).waitFor();
    },
  ],
  keys: [
    "screens",
    "/?q=cat",
    async (page) => {
      await shown(page);
      await page.keyboard.press("?");
      await page.getByRole("dialog").waitFor();
    },
  ],
  first: ["empty", "/", (page) => page.getByText("magpie index").waitFor()],
  key: ["locked", "/", (page) => page.getByLabel("Access key").waitFor()],
  forgotten: ["screens", "/?like=00ff", (page) => page.getByText("no longer available").waitFor()],
};


const TABLET = { viewport: { width: 820, height: 1180 }, hasTouch: true, isMobile: true, locale: "en-GB" };

const LOOKS = {
  light: { ...DESKTOP, colorScheme: "light" },
  dark: { ...DESKTOP, colorScheme: "dark" },
  phone: { ...PHONE, colorScheme: "light" },
  tablet: { ...TABLET, colorScheme: "light" },
  "tablet-dark": { ...TABLET, colorScheme: "dark" },
  "phone-dark": { ...PHONE, colorScheme: "dark" },
};

/** Serious and critical issues, as "rule: element". */
async function issues(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ["violations"] }));
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}

/** Resolves when all images have loaded and faded in. */
export async function isPainted(page) {
  await page.waitForFunction(() =>
    [...document.images].every(
      (image) => image.complete && (!image.naturalWidth || getComputedStyle(image).opacity === "1"),
    ),
  );
  await atRest(page);
}

/** Teach the word that some of the screens show; again by the same picture changes nothing. */
async function teach() {
  const form = new FormData();
  form.set("good", new Blob([readFileSync(join(PHOTOS, "coffee.png"))]), "coffee.png");
  const address = `${await shared("screens")}/api/words/${TAUGHT}/examples`;
  const answer = await fetch(address, { method: "POST", headers: FROM_PAGE, body: form });
  assert.equal(answer.status, 200, await answer.text());
}

/** Test every screen in a look; SCREENSHOTS=all asks for the further ones too, which take minutes. */
export function testScreens(browser, look, ...further) {
  before(teach);
  const looks = process.env.SCREENSHOTS === "all" ? [look, ...further] : [look];
  for (const look of looks)
    for (const [name, [server, path, lead]] of Object.entries(SCREENS))
      test(`${name}, ${look}`, async () => {
        const url = await shared(server);
        const { page, close } = await open(browser, url, path, { ...LOOKS[look], mayFail: true });
        await lead(page);
        await isPainted(page);
        await page.screenshot({ path: join(SCREENSHOTS, `${name}-${look}.png`) });
        assert.deepEqual(await issues(page), []);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${wide} px too wide`);
        await close();
      });
}
