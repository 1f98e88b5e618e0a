import assert from "node:assert/strict";
import { test } from "node:test";
import { assertShown, connect, inTheMiddle, open, PHONE, rankedAgain, shown } from "./browser.mjs";
import { shared } from "./server.mjs";
import { assertSoon, caughtUp, scrolled } from "./waiting.mjs";

const browser = await connect();
const server = await shared("large");

const QUERY = "/?q=animal";

const STEP = 600;

/** Scroll until no more photos come; resolves to the names of all that were seen. */
async function scrollToEnd(page) {
  const seen = new Set();
  for (;;) {
    for (const name of await shown(page)) seen.add(name);
    // Until the photos further down are there: what stands for them gives way when they come.
    const left = await page.waitForFunction((step) => {
      const photo = document.querySelector("main li[data-id]");
      if (!photo) return false;
      const isLoaded = photo.parentElement.getBoundingClientRect().bottom > innerHeight + step;
      const isAll = photo.ariaSetSize !== "-1";
      return (isLoaded || isAll) && [document.documentElement.scrollHeight - innerHeight - scrollY];
    }, STEP);
    const [pixels] = await left.jsonValue();
    if (pixels < 1) return seen;
    await scrolled(page, Math.min(STEP, pixels));
  }
}

test("results scroll on without end, shift nothing, and few are in the page at once", async () => {
  const { page, close } = await open(browser, server, "/");
  await page.addInitScript(() => {
    window.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.shift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  await page.goto(server + QUERY);
  await shown(page);
  const answer = await page.request.get(`${server}/api/search?q=animal&limit=1000`);
  const { hits } = await answer.json();
  assert.ok(hits.length > 130, `${hits.length} hits`);
  const seen = await scrollToEnd(page);
  const names = new Set(hits.map((hit) => hit.path.split("/").at(-1)));
  assert.deepEqual([...names].filter((name) => !seen.has(name)), []);
  assert.ok((await page.locator("li[data-id]").count()) < 80);
  await caughtUp(page);
  assert.equal(await page.evaluate(() => window.shift), 0);
  await close();
});

test("a search from a photo far down begins at the top, also before it is answered", async () => {
  const { page, context, close } = await open(browser, server, QUERY);
  await shown(page);
  await scrolled(page, STEP);
  await (await inTheMiddle(page)).click();
  await page.getByRole("main", { name: /^Photo / }).waitFor();
  let answer;
  const held = new Promise((resolve) => (answer = resolve));
  await context.route("**/api/search?*like=*", async (route) => {
    await held;
    await route.continue();
  });
  await page.keyboard.press("s");
  await page.waitForURL("**like=*");
  await caughtUp(page);
  assert.equal(await page.evaluate(() => scrollY), 0);
  answer();
  await shown(page);
  assert.equal(await page.evaluate(() => scrollY), 0);
  await close();
});

for (const [name, look] of [["a desk", {}], ["a phone", PHONE]])
  test(`on ${name} the search bar stays while photos scroll`, async () => {
    const { page, close } = await open(browser, server, QUERY, look);
    await shown(page);
    await page.evaluate(() => scrollTo(0, 1500));
    await page.waitForFunction(() => scrollY > 1000);
    const bar = await page.getByRole("combobox", { name: "Search" }).boundingBox();
    assert.ok(bar.y >= 0 && bar.y + bar.height < 120, `${bar.y}`);
    await close();
  });

test("the search bar covers nothing at any width", async () => {
  const { page, close } = await open(browser, server, QUERY);
  for (const width of [768, 860, 999, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    await page.waitForFunction((width) => innerWidth === width, width);
    const bar = await page.getByRole("search").boundingBox();
    const words = await page.getByRole("link", { name: "Words" }).boundingBox();
    const name = await page.getByRole("link", { name: "Magpie" }).boundingBox();
    assert.ok(bar.x + bar.width <= words.x && name.x + name.width <= bar.x, `at ${width} px`);
  }
  await close();
});

test("Escape and Back lead to the same place", async () => {
  const { page, close } = await open(browser, server, QUERY);
  await shown(page);
  await scrolled(page, 900);
  const place = () => page.evaluate(() => scrollY);
  const before = await place();
  const names = await shown(page);
  await (await inTheMiddle(page)).click();
  await page.getByRole("main", { name: "Photo" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("main", { name: "Photo" }).waitFor({ state: "detached" });
  await caughtUp(page);
  assert.equal(await place(), before);

  await page.keyboard.press("s");
  await page.waitForURL("**/?like=*");
  await page.waitForFunction(() => scrollY === 0); // the address changes before the screen does
  await page.getByRole("link", { name: "Words" }).click();
  await page.getByRole("heading", { name: "Words you taught" }).waitFor();
  await page.goBack();
  await page.goBack();
  await page.waitForURL(`**${QUERY}`);
  await assertSoon(page, place, before);
  await assertShown(page, names);
  await close();
});

test("judging many by keys alone goes from photo to photo, and undo brings all back", async () => {
  const { page, close } = await open(browser, server, QUERY);
  const before = await shown(page);
  await page.keyboard.press("ArrowRight");
  for (const key of ["g", "b", "g"]) await rankedAgain(page, () => page.keyboard.press(key));
  const bar = page.getByRole("region", { name: "Learning" });
  await bar.getByText("2 matches").waitFor();
  await bar.getByText("1 wrong").waitFor();
  for (let n = 0; n < 3; n++) {
    await rankedAgain(page, () => bar.getByRole("button", { name: "Undo" }).click());
  }
  await page.evaluate(() => scrollTo(0, 0));
  await assertShown(page, before);
  await close();
});

test("a phone has room for all, and fingers hit the buttons", async () => {
  const { page, close } = await open(browser, server, QUERY, PHONE);
  await shown(page);
  const { wide, small } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth - innerWidth,
    small: [...document.querySelectorAll("button, nav a")]
      .map((control) => ({ name: control.ariaLabel, box: control.getBoundingClientRect() }))
      .filter(({ box }) => box.width && (box.width < 44 || box.height < 44))
      .map(({ name }) => name),
  }));
  assert.equal(wide, 0);
  assert.deepEqual(small.filter((name) => name !== null), []);
  const third = page.getByRole("button", { name: "Match for animal", exact: true }).nth(2);
  assert.equal(await third.isVisible(), false); // photos are not covered until one asks to mark them
  await page.getByRole("button", { name: "Mark photos" }).tap();
  await third.tap();
  await page.getByRole("region", { name: "Learning" }).getByText("1 match").waitFor();
  await close();
});
