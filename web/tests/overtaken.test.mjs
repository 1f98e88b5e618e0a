/** Slow answers and quick fingers: what the page shows in the end is what the server has. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { assertShown, connect, hand, open, rankedAgain, searchFor, shown, tile } from "./browser.mjs";
import { FROM_PAGE, PHOTOS, shared } from "./server.mjs";
import { assertSoon, caughtUp } from "./waiting.mjs";

const browser = await connect();
const server = await shared("teaching");

const learning = (page) => page.getByRole("region", { name: "Learning" });
const match = (page, photo, word) =>
  tile(page, photo).getByRole("button", { name: `Match for ${word}`, exact: true });

/** Let requests that are to be held wait for `release`; `seen` counts them. */
async function hold(context, pattern, isHeld) {
  const gate = { seen: 0, release: undefined };
  const opened = new Promise((resolve) => (gate.release = resolve));
  await context.route(pattern, async (route) => {
    if (!isHeld(route.request(), gate)) return route.continue();
    gate.seen++;
    const response = await route.fetch();
    await opened;
    await route.fulfill({ response }).catch(() => undefined); // the page may have given it up
  });
  return gate;
}

/** Resolves when a request has been answered, or given up. */
function isOver(page, request) {
  const over = (name) => page.waitForEvent(name, (ended) => ended === request);
  return Promise.race([over("requestfailed"), over("requestfinished")]);
}

const pressed = (button) => () => button.getAttribute("aria-pressed");

/** A photo judged for a word in an earlier visit: not the first that the word finds. */
async function judgedBefore(page, word) {
  const { hits } = await (await page.request.get(`${server}/api/search?q=${word}`)).json();
  const data = { query: word, good: [hits[1].id], bad: [] };
  assert.ok((await page.request.post(`${server}/api/feedback`, { headers: FROM_PAGE, data })).ok());
  return hits[1].path.split("/").at(-1);
}

test("a ranking that is overtaken by an undo is never shown", async () => {
  const { page, context, close } = await open(browser, server, "/?q=cat");
  const before = await shown(page);
  let isArmed = true;
  const gate = await hold(context, "**/api/search?q=cat*", () => isArmed);
  for (let presses = 0; presses < 3; presses++) await page.keyboard.press("ArrowRight");
  const asked = page.waitForRequest("**/api/search?q=cat*");
  await page.keyboard.press("g");
  const ended = isOver(page, await asked);
  await page.getByText("Marked as cat").waitFor();
  isArmed = false;
  await rankedAgain(page, () => page.keyboard.press("u"));
  gate.release();
  await ended;
  await caughtUp(page);
  await learning(page).waitFor({ state: "hidden" });
  assert.equal(await page.getByText("marked as a match").count(), 0);
  assert.deepEqual(await shown(page), before);
  await close();
});

test("a double click is one judgement, and one undo takes it back", async () => {
  const { page, context, close } = await open(browser, server, "/?q=instrumentality");
  const before = await shown(page);
  const third = before[2];
  const gate = await hold(context, "**/api/feedback", () => true);
  await tile(page, third).hover();
  await rankedAgain(page, async () => {
    await match(page, third, "instrumentality").dblclick();
    gate.release();
  });
  assert.equal(gate.seen, 1);
  await learning(page).getByText("1 match").waitFor();
  await rankedAgain(page, () => page.keyboard.press("u"));
  await assertShown(page, before);
  await assertSoon(page, pressed(match(page, third, "instrumentality")), "false");
  await close();
});

test("a click on the photo that moved under the pointer is not for that photo", async () => {
  const { page, context, close } = await open(browser, server, "/?q=animal");
  const gate = await hold(context, "**/api/feedback", () => true);
  gate.release();
  const third = (await shown(page))[2];
  await tile(page, third).hover();
  await match(page, third, "animal").hover();
  const click = async () => {
    await page.mouse.down();
    await page.mouse.up();
  };
  await rankedAgain(page, click);
  await click();
  await caughtUp(page);
  assert.equal(gate.seen, 1);
  assert.equal(await page.getByRole("main", { name: "Photo" }).count(), 0);
  await assertSoon(page, pressed(match(page, third, "animal")), "true");
  await rankedAgain(page, () => page.keyboard.press("u"));
  await close();
});

test("what was marked in an earlier visit is taken back by the same button", async () => {
  const { page, close } = await open(browser, server, "/");
  const photo = await judgedBefore(page, "vehicle");
  await page.goto(`${server}/?q=vehicle`);
  await tile(page, photo).hover();
  const button = match(page, photo, "vehicle");
  await assertSoon(page, pressed(button), "true");
  await rankedAgain(page, () => button.click());
  await assertSoon(page, pressed(button), "false");
  const { learning: learned } = await (await page.request.get(`${server}/api/search?q=vehicle`)).json();
  assert.deepEqual([learned.good, learned.bad], [0, 0]);
  await close();
});

test("the learning bar works over an open photo, and covers nothing for good", async () => {
  const { page, close } = await open(browser, server, "/?q=building");
  const [first, second] = await shown(page);
  await tile(page, second).hover();
  await rankedAgain(page, () => match(page, second, "building").click());
  await tile(page, first).getByRole("link").click();
  const photo = page.getByRole("main", { name: "Photo" });
  await photo.getByRole("img", { name: first }).first().waitFor();
  const strip = photo.getByRole("region", { name: "Similar photos" }).getByRole("list");
  await strip.getByRole("img").first().waitFor();
  await photo.getByRole("heading", { name: "File" }).waitFor(); // what comes later makes it longer
  await photo.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  const [similar, bar] = [await strip.boundingBox(), await learning(page).boundingBox()];
  assert.ok(similar.y + similar.height <= bar.y, `${similar.y + similar.height} > ${bar.y}`);
  await rankedAgain(page, () => learning(page).getByRole("button", { name: "Undo" }).click());
  await learning(page).waitFor({ state: "hidden" });
  await close();
});

test("counts are there before the ranking, and any undo takes the message back", async () => {
  const { page, context, close } = await open(browser, server, "/?q=sky");
  const [first] = await shown(page);
  let isArmed = true;
  const gate = await hold(context, "**/api/search?q=sky*", () => isArmed);
  await tile(page, first).hover();
  await match(page, first, "sky").click();
  await learning(page).getByText("1 match").waitFor();
  isArmed = false;
  gate.release();
  await rankedAgain(page, () => learning(page).getByRole("button", { name: "Undo" }).click());
  const message = page.getByRole("status");
  await message.getByText("Undone: Marked as sky").waitFor();
  assert.equal(await message.getByRole("button", { name: "Undo" }).count(), 0);
  await close();
});

test("an undo waits for the judgement before it", async () => {
  const { page, context, close } = await open(browser, server, "/?q=stone");
  const [first, second] = await shown(page);
  await tile(page, first).hover();
  await rankedAgain(page, () => match(page, first, "stone").click());
  const gate = await hold(context, "**/api/feedback", () => true);
  await tile(page, second).hover();
  await match(page, second, "stone").click();
  await rankedAgain(page, async () => {
    await page.keyboard.press("u");
    gate.release();
  });
  await learning(page).getByText("1 match").waitFor(); // there was a ranking with two before
  const { learning: learned } = await (await page.request.get(`${server}/api/search?q=stone`)).json();
  assert.deepEqual([learned.good, learned.bad], [1, 0]);
  await match(page, first, "stone").and(page.locator("[aria-pressed=true]")).waitFor();
  await rankedAgain(page, () => page.keyboard.press("u"));
  await close();
});

test("a search by words takes the place of a picture that is still on its way", async () => {
  const { page, context, close } = await open(browser, server, "/", { mayFail: true });
  const gate = await hold(context, "**/api/search/image", () => true);
  const asked = page.waitForRequest("**/api/search/image");
  await hand(page, "drop", join(PHOTOS, "flower.jpg"));
  const ended = isOver(page, await asked);
  await searchFor(page, "rocket");
  gate.release();
  await ended;
  await caughtUp(page);
  assert.equal(await page.evaluate(() => location.search), "?q=rocket");
  await close();
});

test("an entry of the history is undone once, however often it is clicked", async () => {
  const { page, context, close } = await open(browser, server, "/", { mayFail: true });
  await judgedBefore(page, "plant");
  await page.goto(`${server}/history`);
  const gate = await hold(context, "**/api/feedback/*", () => true);
  const entry = page.getByRole("listitem").filter({ hasText: "Marked 1 photo for plant" });
  await entry.getByRole("button", { name: "Undo" }).dblclick();
  gate.release();
  await entry.getByText("undone").waitFor();
  assert.equal(gate.seen, 1);
  await page.getByRole("status").getByText("Undone", { exact: true }).waitFor();
  await close();
});

test("what was undone in the history is not offered to undo again", async () => {
  const { page, close } = await open(browser, server, "/?q=tower");
  const [first] = await shown(page);
  await tile(page, first).hover();
  await rankedAgain(page, () => match(page, first, "tower").click());
  await page.getByRole("link", { name: "History" }).click();
  await page.getByRole("button", { name: "Undo: marked 1 photo for tower" }).click();
  const message = page.getByRole("status");
  await message.getByText("Undone", { exact: true }).waitFor();
  await page.goBack();
  await shown(page);
  await learning(page).waitFor({ state: "hidden" });
  await page.keyboard.press("u");
  await message.getByText("Nothing to undo on this page").waitFor();
  await close();
});

test("an undo in another tab takes the offers of this one back", async () => {
  const { page, context, close } = await open(browser, server, "/?q=bridge");
  const [first] = await shown(page);
  await tile(page, first).hover();
  await rankedAgain(page, () => match(page, first, "bridge").click());
  const offer = page.getByRole("status").getByText("Marked as bridge");
  await offer.hover(); // so that it does not go by itself
  const other = await context.newPage();
  await other.goto(`${server}/history`);
  await other.getByRole("button", { name: "Undo: marked 1 photo for bridge" }).click();
  await offer.waitFor({ state: "detached" });
  await learning(page).waitFor({ state: "hidden" });
  await match(page, first, "bridge").and(page.locator("[aria-pressed=false]")).waitFor();
  await close();
});

test("an undo that came too late is not a failure, and is not offered again", async () => {
  const { page, close } = await open(browser, server, "/?q=street", { mayFail: true });
  const [first] = await shown(page);
  await tile(page, first).hover();
  const judged = page.waitForResponse("**/api/feedback");
  await rankedAgain(page, () => match(page, first, "street").click());
  const { event } = await (await judged).json();
  const elsewhere = await page.request.delete(`${server}/api/feedback/${event}`, { headers: FROM_PAGE });
  assert.ok(elsewhere.ok());
  await rankedAgain(page, () => page.keyboard.press("u"));
  const message = page.getByRole("status");
  await message.getByText("This was undone already.").waitFor();
  assert.equal(await message.locator("[data-error]").count(), 0);
  await learning(page).waitFor({ state: "hidden" });
  await close();
});
