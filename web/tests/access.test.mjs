/** Every screen in both themes, on desk and phone: no serious issue for axe, and a picture of it. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { DESKTOP, hand, launch, open, PHONE, searchFor, shown } from "./browser.mjs";
import { LARGE_LIBRARY, LIBRARY, PHOTOS, serve } from "./server.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf-8");
const SCREENSHOTS = new URL("../../screenshots/", import.meta.url).pathname;
const WORD = "zorblax";

let browser, server, empty, locked;
before(async () => {
  mkdirSync(SCREENSHOTS, { recursive: true });
  [browser, server, empty, locked] = await Promise.all([
    launch(),
    serve({ library: LARGE_LIBRARY || LIBRARY }),
    serve({}),
    serve({ library: LIBRARY, env: { MAGPIE_API_KEY: "open sesame" } }),
  ]);
  const { page, close } = await open(browser, server.url);
  await searchFor(page, WORD);
  await page.getByText("I do not know").waitFor();
  await hand(page, "drop", join(PHOTOS, "coffee.png"));
  await page.getByText(`Learned ${WORD}`).waitFor();
  await close();
});
after(async () => {
  await browser.close();
  for (const one of [server, empty, locked]) await one.end();
});

/** Name of a screen -> the server it is on, its address, and what leads there. */
const SCREENS = {
  start: [() => server, "/", (page) => shown(page)],
  results: [() => server, "/?q=cat+rocket", (page) => shown(page)],
  understanding: [
    () => server,
    "/?q=cat+rocket&without=rocket",
    async (page) => {
      await shown(page);
      await page.getByRole("button", { name: /^cat/ }).click();
    },
  ],
  completion: [
    () => server,
    "/",
    async (page) => {
      await page.getByRole("combobox", { name: "Search" }).fill("rock");
      await page.getByRole("option").first().waitFor();
      await page.keyboard.press("ArrowDown");
    },
  ],
  judged: [
    () => server,
    "/?q=rocket",
    async (page) => {
      await shown(page);
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("g");
      await page.getByRole("region", { name: "Learning" }).waitFor();
    },
  ],
  learned: [() => server, `/?q=${WORD}`, (page) => shown(page)],
  unfamiliar: [() => server, "/?q=zebrra", (page) => shown(page)],
  picture: [
    () => server,
    "/?q=cat",
    async (page) => {
      await hand(page, "drop", join(PHOTOS, "flower.jpg"));
      await page.waitForURL("**like=*");
      await shown(page);
    },
  ],
  refused: [
    () => server,
    "/",
    async (page) => {
      await hand(page, "drop", new URL(import.meta.url).pathname);
      await page.getByText("not a picture").waitFor();
    },
  ],
  photo: [
    () => server,
    "/?q=cat+rocket",
    async (page) => {
      await shown(page);
      await page.locator("li[data-id] > a").first().click();
      await page.getByText("What the network saw").waitFor();
    },
  ],
  words: [() => server, "/words", (page) => page.getByRole("button", { name: "Forget" }).first().waitFor()],
  history: [() => server, "/history", (page) => page.getByText("Taught").first().waitFor()],
  nothing: [() => server, "/?q=cat&without=cat", (page) => page.getByText("Nothing found").waitFor()],
  keys: [
    () => server,
    "/?q=cat",
    async (page) => {
      await shown(page);
      await page.keyboard.press("?");
    },
  ],
  first: [() => empty, "/", (page) => page.getByText("magpie index").waitFor()],
  key: [() => locked, "/", (page) => page.getByLabel("Key", { exact: true }).waitFor()],
  forgotten: [() => server, "/?like=00ff", (page) => page.getByText("no longer here").waitFor()],
};

/** All four take minutes: SCREENSHOTS=all for them. */
const LOOKS = {
  light: { ...DESKTOP, colorScheme: "light" },
  dark: { ...DESKTOP, colorScheme: "dark" },
  phone: { ...PHONE, colorScheme: "light" },
  "phone-dark": { ...PHONE, colorScheme: "dark" },
};

/** Serious and critical issues, as "rule: element". */
async function issues(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => window.axe.run());
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}

const WANTED = process.env.SCREENSHOTS === "all" ? Object.keys(LOOKS) : ["light", "phone-dark"];

for (const look of WANTED) {
  for (const [name, [where, path, lead]] of Object.entries(SCREENS)) {
    test(`${name}, ${look}`, async () => {
      const { page, close } = await open(browser, where().url, path, { ...LOOKS[look], mayFail: true });
      await lead(page);
      await page.waitForFunction(() =>
        document.getAnimations().every((moving) => moving.playState !== "running"),
      );
      await page.waitForLoadState("networkidle");
      await page.screenshot({ path: join(SCREENSHOTS, `${name}-${look}.png`) });
      assert.deepEqual(await issues(page), []);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${wide} px too wide`);
      await close();
    });
  }
}

test("the theme is switched, and stays so", async () => {
  const { page, close } = await open(browser, server.url, "/words", { colorScheme: "light" });
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await ground();
  await page.getByRole("button", { name: "Theme: system" }).click();
  await page.getByRole("button", { name: "Theme: light" }).click();
  const dark = await ground();
  assert.notEqual(dark, light);
  await page.reload();
  assert.equal(await ground(), dark);
  await close();
});

test("with the keyboard alone: search, judge, open, go back, read the history", async () => {
  const { page, close } = await open(browser, server.url, "/");
  await page.keyboard.press("/");
  await page.keyboard.type("rocket");
  await page.keyboard.press("Enter");
  await page.getByRole("list", { name: "Photos for rocket" }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Tab");
  const focused = () => page.evaluate(() => document.activeElement.ariaLabel);
  assert.equal(await focused(), "Good for rocket");
  await page.keyboard.press("Space");
  await page.getByRole("region", { name: "Learning" }).waitFor();
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("main", { name: "Photo" }).waitFor();
  await page.keyboard.press("Escape");
  await page.waitForURL("**/?q=rocket");
  await close();
});
