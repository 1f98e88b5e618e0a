import assert from "node:assert/strict";
import { test } from "node:test";
import { assertFirst, assertShown, connect, open, searched, searchFor, shown, tile } from "./browser.mjs";
import { shared } from "./server.mjs";
import { assertSoon, caughtUp } from "./waiting.mjs";

const browser = await connect();
const server = await shared("reading");

test("words find photos, and the address holds them", async () => {
  const { page, close } = await open(browser, server);
  await searchFor(page, "cat");
  await assertFirst(page, "chelsea.png");
  assert.equal(await page.evaluate(() => location.search), "?q=cat");
  await assertSoon(page, () => page.title(), /^cat/);
  await page.reload();
  await assertFirst(page, "chelsea.png");
  await page.goBack();
  await page.getByText("Search by words, or drop").waitFor();
  await close();
});

test("a slow search says so, and does not show what other words meant", async () => {
  const { page, context, close } = await open(browser, server, "/?q=cat");
  await shown(page);
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await context.route("**/api/search?q=rocket*", async (route) => {
    await held;
    await route.continue();
  });
  await page.getByRole("combobox", { name: "Search" }).fill("rocket");
  await page.keyboard.press("Enter");
  await page.getByRole("progressbar", { name: "Searching" }).waitFor();
  const chips = page.getByRole("region", { name: "How your words were understood" });
  await chips.waitFor({ state: "hidden" });
  release();
  await chips.getByText("rocket").first().waitFor();
  await page.getByRole("progressbar", { name: "Searching" }).waitFor({ state: "detached" });
  await close();
});

test("one button clears the words", async () => {
  const { page, close } = await open(browser, server, "/?q=cat");
  const bar = page.getByRole("combobox", { name: "Search" });
  await page.getByRole("button", { name: "Clear words" }).click();
  await assertSoon(page, () => bar.inputValue(), "");
  await bar.and(page.locator(":focus")).waitFor();
  assert.equal(await page.getByRole("button", { name: "Clear words" }).count(), 0);
  await close();
});

test("the start page shows photos to start from, and more", async () => {
  const { page, close } = await open(browser, await shared("large"));
  assert.equal((await shown(page)).length > 3, true);
  const count = () => page.locator("li[data-id]").last().getAttribute("aria-setsize");
  assert.equal(await count(), "30");
  await page.getByRole("button", { name: "More photos" }).click();
  await assertSoon(page, count, "60");
  await page.getByRole("link", { name: "Words" }).getByText("Words").waitFor(); // a label, on a desk
  await close();
});

test("a filter among the words is a chip, and is switched off and on", async () => {
  const { page, close } = await open(browser, server, "/?q=cat+rocket+format%3Apng");
  const chips = page.getByRole("region", { name: "How your words were understood" });
  await chips.getByText("format:png").waitFor();
  const filtered = await shown(page);
  assert.deepEqual(filtered.filter((name) => !name.endsWith(".png")), []);
  const count = async () => Number(await page.locator("li[data-id]").first().getAttribute("aria-setsize"));
  const before = await count();
  await searched(page, () => chips.getByRole("button", { name: "Stop filtering by format:png" }).click());
  assert.ok((await count()) > before, `${await count()} after ${before}: ${await shown(page)}`);
  await chips.getByRole("button", { name: "Filter by format:png again" }).click();
  await assertShown(page, filtered);
  await close();
});

test("a filter alone lists photos, and one that fits nothing says what to check", async () => {
  const { page, close } = await open(browser, server, "/", { mayFail: true });
  await searchFor(page, "format:png");
  assert.deepEqual((await shown(page)).filter((name) => !name.endsWith(".png")), []);
  await searchFor(page, "cat in:1950"); // there are cats, of other years
  await page.getByText("No photo passes all filters").waitFor();
  await page.getByRole("combobox", { name: "Search" }).fill("folder:zorblax");
  await page.keyboard.press("Enter");
  await page.getByText("names after colons").waitFor();
  assert.equal(await page.getByText("zorblax").count(), 0); // nothing of the server's message
  await close();
});

test("chips say how words were understood, open, and are switched off and on", async () => {
  const { page, close } = await open(browser, server, "/?q=cat+rocket");
  const chips = page.getByRole("region", { name: "How your words were understood" });
  await chips.getByRole("button", { name: /^rocket/ }).click();
  await chips.getByRole("heading", { name: "“rocket” is searched as:" }).waitFor();
  const both = await shown(page);
  await chips.getByRole("button", { name: "Ignore rocket" }).click();
  await chips.getByRole("button", { name: "Use rocket again" }).waitFor();
  await page.waitForURL((url) => url.searchParams.get("without") === "rocket");
  await page.waitForFunction((count) => document.images.length < count, both.length);
  await assertFirst(page, "chelsea.png");
  await chips.getByRole("button", { name: "Use rocket again" }).click();
  await chips.getByRole("button", { name: "Ignore rocket" }).waitFor();
  await assertShown(page, both);
  await close();
});

test("photos keep their shape, show their colour first, and shift nothing", async () => {
  const { page, close, context } = await open(browser, server);
  await page.addInitScript(() => {
    window.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.shift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await context.route("**/image?size=*", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(`${server}/?q=cat`, { waitUntil: "commit" });
  const cat = tile(page, "chelsea.png");
  await cat.waitFor();
  const colour = await cat.locator("img").evaluate((image) => [
    getComputedStyle(image.parentElement).backgroundColor,
    getComputedStyle(image).opacity,
  ]);
  assert.match(colour[0], /^rgb\(\d+, \d+, \d+\)$/);
  assert.equal(colour[1], "0");
  const { width, height } = await cat.boundingBox();
  assert.ok(Math.abs(width / height - 451 / 300) < 0.05, `${width} x ${height}`);
  release();
  await page.waitForFunction(() => [...document.images].every((image) => image.complete));
  await caughtUp(page);
  assert.equal(await page.evaluate(() => window.shift), 0);
  await close();
});

test("the arrow keys move, Enter opens, s finds similar photos", async () => {
  const { page, close } = await open(browser, server, "/?q=cat");
  const names = await shown(page);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  const focused = () => page.evaluate(() => document.activeElement.querySelector("img")?.alt.split("; ").at(-1));
  await assertSoon(page, focused, names[1]);
  await page.keyboard.press("ArrowLeft");
  await assertSoon(page, focused, names[0]);
  await page.keyboard.press("Enter");
  const photo = page.getByRole("main", { name: "Photo" });
  await photo.waitFor();
  await page.keyboard.press("Escape");
  await page.waitForURL("**/?q=cat");
  await photo.waitFor({ state: "detached" }); // the address changes before the screen does
  await page.keyboard.press("s");
  await page.waitForURL("**/?like=*");
  await page.getByAltText("Picture you search with").waitFor();
  await close();
});

test("? lists the keys, and Escape closes the list", async () => {
  const { page, close } = await open(browser, server, "/?q=cat");
  await shown(page);
  await page.keyboard.press("?");
  const dialog = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await dialog.waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  await close();
});

test("an ignored part keeps its place, and a word of many labels says how many", async () => {
  const { page, close } = await open(browser, server, "/?q=rocket+animal");
  const chips = page.getByRole("region", { name: "How your words were understood" });
  await chips.getByText(/^animal: \d+ kinds$/).waitFor();
  await chips.getByRole("button", { name: "Ignore rocket" }).click();
  await chips.getByRole("button", { name: "Use rocket again" }).waitFor();
  await assertSoon(page, () => chips.getByRole("listitem").first().textContent(), /^rocket/);
  await chips.getByRole("button", { name: /^animal/ }).click();
  const details = chips.getByRole("heading", { name: "“animal” is searched as:" }).locator("..");
  await details.getByRole("button", { name: "Show all" }).click();
  await details.getByText("100%").first().waitFor();
  const { height } = await details.boundingBox();
  assert.ok(height <= 0.4 * 800 + 1, `${height}`);
  await close();
});

test("words that are too common to search for are not offered to be taught", async () => {
  const { page, close } = await open(browser, server, "/?q=in+the");
  await page.getByRole("heading", { name: "Too common to search for" }).waitFor();
  await page.getByText("as in “in the beach”").waitFor();
  assert.equal(await page.getByText("Show me one").count(), 0);
  await page.goto(`${server}/?q=zorblax`);
  await page.getByText("Show me one").waitFor();
  await close();
});

test("words that only leave out ask for one to look for", async () => {
  const { page, close } = await open(browser, server, "/?q=-cat");
  await page.getByRole("heading", { name: "Only words to leave out" }).waitFor();
  await close();
});

test("photos are called by what is in them", async () => {
  const { page, close } = await open(browser, server, "/?q=cat");
  await tile(page, "chelsea.png").getByRole("link", { name: /cat.*; chelsea\.png/ }).waitFor();
  await close();
});

test("a search whose parts are all ignored says so, and leads back", async () => {
  const { page, close } = await open(browser, server, "/?q=cat&without=cat");
  await page.getByRole("heading", { name: "Nothing found" }).waitFor();
  await page.getByRole("link", { name: "Use them again" }).click();
  await assertFirst(page, "chelsea.png");
  await close();
});
