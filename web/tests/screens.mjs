/** What users see, by the name of its picture. */
import { join } from "node:path";
import { assertBest, hand, rankedAgain, shown, tile } from "./browser.mjs";
import { PHOTOS } from "./server.mjs";

export const TAUGHT = "zorblax";

/** Open a photo of the results. */
async function openPhoto(page, name) {
  await tile(page, name).getByRole("link").click();
  await page.getByText("What Magpie recognised").waitFor();
}

/** Name of a screen -> the server it is on, its address, and what leads there. */
export const SCREENS = {
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
      // What another look has marked would be taken back.
      const unmarked = page.locator('li[data-id]:not(:has([aria-pressed="true"]))').first();
      const place = Number(await unmarked.getAttribute("aria-posinset"));
      for (let presses = 0; presses < place; presses++) await page.keyboard.press("ArrowRight");
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
  guess: ["screens", "/?q=griffin", (page) => shown(page)],
  likely: [
    "screens",
    "/words",
    async (page) => {
      await page.route("**/api/search?*", async (route) => {
        const response = await route.fetch();
        const answer = await response.json();
        await route.fulfill({ response, json: { ...answer, likely: 2 } });
      });
      await page.goto(new URL("/?q=cat+rocket", page.url()).href);
      await page.getByText("Less likely").waitFor();
    },
  ],
  "ignored-filter": ["dated", "/?q=animal+in:2022+width:200&without=in:2022", (page) => shown(page)],
  marking: [
    "screens",
    "/?q=cat+rocket",
    async (page) => {
      await shown(page);
      const button = page.getByRole("button", { name: "Mark photos" }); // only where nothing hovers
      if (await button.isVisible()) await button.click();
      await tile(page, "chelsea.png").hover();
    },
  ],
  picking: [
    "screens",
    "/?q=zebrra",
    async (page) => {
      await shown(page);
      const links = page.locator("li[data-id] button[data-photo]");
      await links.nth(0).click({ modifiers: ["Control"] });
      await links.nth(1).click({ modifiers: ["Control"] });
    },
  ],
  dropping: [
    "screens",
    "/?q=cat",
    async (page) => {
      await shown(page);
      await page.evaluate(() => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([], "cat.png", { type: "image/png" }));
        document.body.dispatchEvent(new DragEvent("dragenter", { dataTransfer, bubbles: true }));
      });
    },
  ],
  zoomed: [
    "screens",
    "/?q=cat",
    async (page) => {
      await openPhoto(page, "chelsea.png");
      const original = page.waitForResponse(/\/image$/);
      await page.keyboard.press("z");
      await original;
    },
  ],
  first: ["empty", "/", (page) => page.getByText("magpie index").waitFor()],
  key: ["locked", "/", (page) => page.getByLabel("Access key").waitFor()],
  "film-open": ["furnished", "/?q=cat", (page) => openPhoto(page, "chelsea.png")],
  renaming: [
    "screens",
    "/words",
    async (page) => {
      await page.getByRole("button", { name: `Rename ${TAUGHT}` }).click();
    },
  ],
  examples: [
    "screens",
    "/words",
    async (page) => {
      await page.getByRole("button", { name: `Edit examples of ${TAUGHT}` }).click();
    },
  ],
  merging: [
    "screens",
    "/words",
    async (page) => {
      await page.getByRole("button", { name: `Merge ${TAUGHT}` }).click();
      await page.getByRole("dialog").waitFor();
    },
  ],
};
