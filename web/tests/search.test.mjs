import assert from "node:assert/strict";
import { test } from "node:test";
import { assertShown, connect, open, searchFor, shown, tile } from "./browser.mjs";
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

test("the start page shows photos to start from", async () => {
  const { page, close } = await open(browser, server);
  assert.equal((await shown(page)).length > 3, true);
  await close();
});

test("what is typed is completed, and the keys choose", async () => {
  const { page, close } = await open(browser, server);
  await page.keyboard.press("/");
  await page.keyboard.type("rocke");
  await page.getByRole("option").first().waitFor();
  await page.keyboard.press("ArrowDown");
  const chosen = await page.getByRole("option", { selected: true }).textContent();
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/?q=${chosen.replaceAll(" ", "+")}`);
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
  const focused = () => page.evaluate(() => document.activeElement.querySelector("img")?.alt);
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

test("a search whose parts are all ignored says so, and leads back", async () => {
  const { page, close } = await open(browser, server, "/?q=cat&without=cat");
  await page.getByRole("heading", { name: "Nothing found" }).waitFor();
  await page.getByRole("link", { name: "Use them again" }).click();
  assert.equal((await shown(page))[0], "chelsea.png");
  await close();
});
