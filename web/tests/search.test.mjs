import assert from "node:assert/strict";
import { test } from "node:test";
import { assertShown, connect, open, searched, searchFor, shown, tile } from "./browser.mjs";
import { shared } from "./server.mjs";

const browser = await connect();
const server = await shared("reading");

test("words find photos, and the address holds them", async () => {
  const { page, close } = await open(browser, server);
  await searchFor(page, "cat");
  assert.equal((await shown(page))[0], "chelsea.png");
  assert.equal(new URL(page.url()).search, "?q=cat");
  assert.match(await page.title(), /^cat/);
  await page.reload();
  assert.equal((await shown(page))[0], "chelsea.png");
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
  assert.equal(await chips.isVisible(), false);
  release();
  await chips.getByText("rocket").first().waitFor();
  await page.getByRole("progressbar", { name: "Searching" }).waitFor({ state: "detached" });
  await close();
});

test("one button clears the words", async () => {
  const { page, close } = await open(browser, server, "/?q=cat");
  const bar = page.getByRole("combobox", { name: "Search" });
  await page.getByRole("button", { name: "Clear words" }).click();
  assert.equal(await bar.inputValue(), "");
  await bar.and(page.locator(":focus")).waitFor();
  assert.equal(await page.getByRole("button", { name: "Clear words" }).count(), 0);
  await close();
});

test("the start page shows photos to start from, and more", async () => {
  const { page, close } = await open(browser, await shared("large"));
  assert.equal((await shown(page)).length > 3, true);
  const last = () => page.locator("li[data-id]").last().getAttribute("aria-setsize");
  assert.equal(await last(), "30");
  await page.getByRole("button", { name: "More photos" }).click();
  await page.waitForFunction(() => document.querySelector("li[data-id]").ariaSetSize === "60");
  await page.getByRole("link", { name: "Words" }).getByText("Words").waitFor(); // a label, on a desk
  await close();
});

test("what is typed is completed, and the keys choose", async () => {
  const { page, close } = await open(browser, server);
  await page.keyboard.press("/");
  await page.keyboard.type("rocke");
  await page.getByRole("option").first().waitFor();
  await page.keyboard.press("ArrowDown");
  const chosen = await page.getByRole("option", { selected: true }).locator("span").first().textContent();
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/?q=${chosen.replaceAll(" ", "+")}`);
  await close();
});

test("completions say how many photos show them, and what finds nothing is none", async () => {
  const { page, close } = await open(browser, server);
  const answered = page.waitForResponse("**/api/suggest?q=co");
  await page.getByRole("combobox", { name: "Search" }).fill("co");
  const { suggestions, photos } = await (await answered).json();
  const wanted = suggestions.filter((words) => photos[words] !== 0);
  await page.getByRole("option").first().waitFor();
  const words = await page.getByRole("option").locator("span:first-child").allTextContents();
  assert.deepEqual(words, wanted);
  assert.ok(wanted.length < suggestions.length, "everything finds something here");
  const [first] = wanted;
  const count = photos[first] === 1 ? "1 photo" : `${photos[first]} photos`;
  await page.getByRole("option", { name: `${first} ${count}` }).waitFor();
  await close();
});

test("recent searches come first, and can be forgotten", async () => {
  const { page, close } = await open(browser, server);
  await searchFor(page, "rocket coffee");
  await searchFor(page, "cat");
  await page.goto(server);
  const bar = page.getByRole("combobox", { name: "Search" });
  const options = page.getByRole("option");
  await bar.click();
  await options.first().waitFor();
  assert.deepEqual(await options.locator("span:not(.visually-hidden)").allTextContents(), [
    "cat",
    "rocket coffee",
    "Forget recent searches",
  ]);
  await bar.fill("co");
  await page.waitForFunction(() => document.querySelectorAll("[role=option]").length > 1);
  assert.match(await options.first().textContent(), /^rocket coffee/);
  await bar.fill("");
  await page.getByRole("option", { name: "Forget recent searches" }).click();
  await page.reload();
  await bar.click();
  assert.equal(await page.evaluate(() => localStorage.getItem("searches")), null);
  assert.equal(await bar.getAttribute("aria-expanded"), "false");
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
  assert.equal(new URL(page.url()).searchParams.get("without"), "rocket");
  await page.waitForFunction((count) => document.images.length < count, both.length);
  assert.equal((await shown(page))[0], "chelsea.png");
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
  assert.equal(await page.evaluate(() => window.shift), 0);
  await close();
});

test("the arrow keys move, Enter opens, s finds similar photos", async () => {
  const { page, close } = await open(browser, server, "/?q=cat");
  const names = await shown(page);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  const focused = () => page.evaluate(() => document.activeElement.querySelector("img")?.alt.split("; ").at(-1));
  assert.equal(await focused(), names[1]);
  await page.keyboard.press("ArrowLeft");
  assert.equal(await focused(), names[0]);
  await page.keyboard.press("Enter");
  await page.getByRole("main", { name: "Photo" }).waitFor();
  await page.keyboard.press("Escape");
  await page.waitForURL("**/?q=cat");
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
  assert.match(await chips.getByRole("listitem").first().textContent(), /^rocket/);
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
  assert.equal((await shown(page))[0], "chelsea.png");
  await close();
});
