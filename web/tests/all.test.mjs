import assert from "node:assert/strict";
import { test } from "node:test";
import { connect, open, PHONE } from "./browser.mjs";
import { shared } from "./server.mjs";
import { assertSoon, caughtUp } from "./waiting.mjs";

const browser = await connect();
const server = await shared("dated");
const NEWEST = "December 2023";

const heading = (page, name) => page.getByRole("heading", { name, exact: true });
const slider = (page) => page.getByRole("slider", { name: "Go to a date" });
const address = (page, at, timeout = 60_000) =>
  page.waitForURL((url) => url.pathname === "/photos" && url.searchParams.get("at") === at, { timeout });
const where = (page) => page.evaluate(() => location.href);

/** The photos below a heading, by their places in the list, once they are there. */
async function placesIn(page, month, count) {
  const places = await page.waitForFunction(
    ({ month, count }) => {
      const items = [...document.querySelectorAll("main ul > li")];
      const at = items.findIndex((item) => item.querySelector("h2")?.textContent === month);
      const rest = at < 0 ? [] : items.slice(at + 1);
      const end = rest.findIndex((item) => item.querySelector("h2"));
      const own = (end < 0 ? rest : rest.slice(0, end)).filter((item) => item.dataset.id);
      return own.length === count && own.map((item) => Number(item.ariaPosInSet));
    },
    { month, count },
  );
  return places.jsonValue();
}

/** Resolves when the months in and near the window are there: those that come later may move the others. */
const loaded = (page) =>
  page.waitForFunction(() => {
    const items = [...document.querySelectorAll("main ul > li")];
    return items.length > 0 && items.every((item) => item.dataset.id || item.querySelector("h2"));
  });

/** The month that the window is in, once it is there and the address names it. */
async function arrived(page) {
  await caughtUp(page);
  await loaded(page);
  const month = await page.waitForFunction(() => {
    const UNDER_HEADER = 124; // a heading whose upper edge is higher has its month below it
    const items = [...document.querySelectorAll("main ul > li:has(h2)")];
    const name = items
      .filter((item) => item.getBoundingClientRect().top <= UNDER_HEADER)
      .at(-1)
      ?.querySelector("h2").textContent;
    const at = new URLSearchParams(location.search).get("at");
    const format = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric" });
    return at && name === format.format(new Date(`${at}-01T00:00`)) && name;
  });
  return month.jsonValue();
}

/** How far below the upper edge of the window a heading is. */
const below = (page, name) => heading(page, name).evaluate((element) => element.getBoundingClientRect().top);

for (const [look, options] of [["desk", {}], ["phone", PHONE]])
  test(`all photos are there by month, newest first, those without a date last (${look})`, async () => {
    const { page, close } = await open(browser, server, "/", options);
    await page.getByRole("link", { name: "All photos" }).first().click();
    await heading(page, NEWEST).waitFor();
    assert.deepEqual(await placesIn(page, NEWEST, 5), [1, 2, 3, 4, 5]);
    await address(page, null);
    await loaded(page);
    await slider(page).focus();
    await page.keyboard.press("End");
    await heading(page, "Without a date").waitFor();
    const total = Number(await page.locator("li[data-id]").first().getAttribute("aria-setsize"));
    const places = await placesIn(page, "Without a date", 10);
    assert.deepEqual(places, Array.from({ length: 10 }, (_, n) => total - 9 + n));
    // Months above it that are loaded only now may have moved it from the upper edge.
    const isThere = () => address(page, "none", 1000).then(() => true, () => false);
    for (let tries = 0; tries < 60 && !(await isThere()); tries++) await page.keyboard.press("End");
    await address(page, "none");
    await close();
  });

test("the bar goes to any month, by keys and by a pointer, and the address keeps it", async () => {
  const { page, close } = await open(browser, server, "/photos");
  await heading(page, NEWEST).waitFor();
  await loaded(page);
  await slider(page).focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await address(page, "2023-10");
  await assertSoon(page, () => slider(page).getAttribute("aria-valuetext"), "October 2023");
  await loaded(page);
  await page.keyboard.press("PageDown");
  await address(page, "2022-12");
  await loaded(page);
  await page.keyboard.press("Home");
  await address(page, null);
  const box = await slider(page).boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 4 });
  await page.mouse.up();
  await page.waitForURL(/\/photos\?at=202[12]-/); // perhaps one that it passed
  const month = await arrived(page);
  assert.match(month, /202[12]$/);
  assert.equal((await placesIn(page, month, 5)).length, 5);
  const at = await where(page);
  await page.reload();
  await page.waitForFunction((month) => {
    const heading = [...document.querySelectorAll("h2")].find(({ textContent }) => textContent === month);
    const { top = 0 } = heading?.getBoundingClientRect() ?? {};
    return top > 64 && top < 200; // just below the header
  }, month);
  assert.equal(await arrived(page), month);
  assert.equal(await where(page), at);
  await close();
});

test("what is in sight stays there while months above it are loaded", async () => {
  const { page, context, close } = await open(browser, server, "/words");
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await context.route(/photos\?month=2022-0[789]/, async (route) => {
    const answer = await route.fetch();
    const { hits, next } = await answer.json();
    await held;
    // Panoramas: the month is a good deal higher than was thought.
    const wide = hits.map((hit) => ({ ...hit, width: 4000, height: 500 }));
    await route.fulfill({ response: answer, json: { hits: wide, next } });
  });
  await page.goto(`${server}/photos?at=2022-06`);
  assert.equal((await placesIn(page, "June 2022", 5)).length, 5);
  await caughtUp(page); // the page has gone to the month
  const begun = await below(page, "June 2022");
  await page.mouse.move(300, 400);
  await page.mouse.wheel(0, -200); // July has come into sight
  await assertSoon(page, async () => Math.round((await below(page, "June 2022")) - begun), 200);
  await page.waitForFunction(() => document.querySelector("[role=slider]").ariaValueText === "July 2022");
  const height = () => page.evaluate(() => document.documentElement.scrollHeight);
  const [before, low] = [await below(page, "June 2022"), await height()];
  release();
  assert.equal((await placesIn(page, "July 2022", 5)).length, 5);
  await loaded(page);
  assert.ok((await height()) > low + 100, "the months above are not higher than was thought");
  const after = await below(page, "June 2022");
  assert.ok(Math.abs(after - before) <= 2, `moved from ${before} to ${after}`);
  await close();
});

test("an open photo has the ones beside it, across months, also when its address is opened", async () => {
  const { page, close } = await open(browser, server, "/photos?at=2023-05");
  const places = await placesIn(page, "May 2023", 5);
  await page.locator(`li[aria-posinset="${places.at(-1)}"] > a`).click();
  await page.getByRole("main", { name: "Photo" }).waitFor();
  const last = await where(page);
  assert.equal(new URL(last).searchParams.get("at"), "2023-05");
  await page.getByRole("button", { name: "Next photo" }).click();
  await page.waitForURL("**/photo/*?at=2023-04");
  await page.reload();
  await page.getByRole("button", { name: "Previous photo" }).click();
  await page.waitForURL(last);
  // The address soon follows what is at the window's upper edge.
  await Promise.all([address(page, "2023-05"), page.keyboard.press("Escape")]);
  await page.waitForFunction((place) => document.activeElement.closest("li")?.ariaPosInSet === `${place}`, places.at(-1));
  await close();
});

/** So small that the last photos of a month are not in sight together with its heading. */
const SMALL = { viewport: { width: 360, height: 400 } };

/** The ids of the photos of a month, in their order. */
async function idsOf(month) {
  const { hits } = await (await fetch(`${server}/api/photos?month=${month}`)).json();
  return hits.map(({ id }) => id);
}

/** Resolves once a photo has the focus, is selected, and lies whole below the header. */
function isBackAt(page, id) {
  return page.waitForFunction((id) => {
    const tile = document.activeElement.closest(`li[data-id="${id}"][data-selected]`);
    const { top = 0, bottom = 0 } = tile?.getBoundingClientRect() ?? {};
    return top >= document.querySelector("header").getBoundingClientRect().bottom && bottom <= innerHeight;
  }, id);
}

for (const month of ["2023-04", "none"])
  test(`a photo whose address was sent (${month}) is where its screen is left to`, async () => {
    const id = (await idsOf(month)).at(-1);
    for (const leave of [(page) => page.keyboard.press("Escape"), (page) => page.getByRole("button", { name: "Back" }).click()]) {
      const { page, close } = await open(browser, server, `/photo/${id}?at=${month}`, SMALL);
      await page.getByRole("main", { name: "Photo" }).waitFor();
      await leave(page);
      await isBackAt(page, id);
      await address(page, month);
      await close();
    }
  });

test("a photo that is loaded again is where its screen is left to", async () => {
  const [first, , , , last] = await idsOf("2023-04");
  const { page, close } = await open(browser, server, "/photos?at=2023-04", SMALL);
  await page.locator(`li[data-id="${first}"] > a`).waitFor();
  await page.locator(`li[data-id="${last}"] > a`).click();
  await page.waitForURL("**/photo/*");
  await page.reload();
  await page.getByRole("main", { name: "Photo" }).waitFor();
  await page.keyboard.press("Escape");
  await isBackAt(page, last);
  await address(page, "2023-04");
  await close();
});

test("photos that come only after the open one was closed are where it is", async () => {
  const id = (await idsOf("2022-02")).at(-1);
  const { page, context, close } = await open(browser, server, "/words", SMALL);
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await context.route(/photos(\/months|\?month=2022-02)/, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(`${server}/photo/${id}?at=2022-02`);
  await page.getByRole("main", { name: "Photo" }).waitFor();
  await page.keyboard.press("Escape");
  await page.waitForURL("**/photos?at=2022-02");
  release();
  await isBackAt(page, id);
  await close();
});

test("after walking to a month that was not in sight, the last photo is", async () => {
  const { page, close } = await open(browser, server, "/photos?at=2023-04");
  const [first] = await idsOf("2023-04");
  await page.locator(`li[data-id="${first}"] > a`).click();
  for (const id of [...(await idsOf("2023-04")).slice(1), ...(await idsOf("2023-03")), ...(await idsOf("2023-02"))]) {
    await page.getByRole("button", { name: "Next photo" }).click();
    await page.waitForURL(`**/photo/${id}?*`);
  }
  const last = (await idsOf("2023-02")).at(-1);
  await page.keyboard.press("Escape");
  await isBackAt(page, last);
  await close();
});

test("a month that does not come says so, and comes by a press", async () => {
  const { page, context, close } = await open(browser, server, "/words", { mayFail: true });
  let isAway = true;
  await context.route("**/api/photos?month=2023-12*", (route) =>
    isAway ? route.fulfill({ status: 500, json: { error: { code: "internal", message: "" } } }) : route.continue(),
  );
  await page.getByRole("link", { name: "All photos" }).first().click();
  await page.getByText("These photos could not be loaded.").waitFor();
  isAway = false;
  await page.getByRole("button", { name: "Try again" }).click();
  assert.equal((await placesIn(page, NEWEST, 5)).length, 5);
  await close();
});

test("photos of several months are chosen together", async () => {
  const { page, close } = await open(browser, server, "/photos");
  await placesIn(page, "November 2023", 5);
  await page.locator('li[aria-posinset="4"] > a').click({ modifiers: ["Control"] });
  await page.locator('li[aria-posinset="7"] > a').click({ modifiers: ["Shift"] });
  await page.getByRole("region", { name: "Chosen photos" }).getByText("4 photos").waitFor();
  await close();
});
