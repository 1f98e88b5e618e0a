/** Answers that fail or do not come: what is on the screen stays there. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { connect, inTheMiddle, open, shown, tile } from "./browser.mjs";
import { FROM_PAGE, shared } from "./server.mjs";
import { assertSoon, caughtUp, scrolled } from "./waiting.mjs";

const browser = await connect();
const large = await shared("large");
const reading = await shared("reading");

const QUERY = "/?q=animal";
const failure = (status, code) => ({ status, json: { error: { code, message: "boom" } } });

/** Scroll down until something is so in the page. */
async function scrollUntil(page, isSo) {
  while (!(await isSo())) {
    await page.mouse.wheel(0, 800);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
  }
}

test("a further page that fails is a row at the end, and comes when asked for again", async () => {
  const { page, context, close } = await open(browser, large, "/", { mayFail: true });
  let [isBroken, requests] = [true, 0];
  await context.route("**/api/search?*offset=60*", async (route) => {
    requests++;
    await (isBroken ? route.fulfill(failure(500, "internal")) : route.continue());
  });
  await page.goto(large + QUERY);
  const row = page.getByText("More photos could not be loaded.");
  await scrollUntil(page, () => row.isVisible());
  assert.ok((await shown(page)).length > 3);
  await caughtUp(page);
  assert.equal(await page.getByText("boom").count(), 0);
  assert.equal(requests, 1);
  isBroken = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await row.waitFor({ state: "detached" });
  await page.waitForFunction(() =>
    [...document.querySelectorAll("li[data-id]")].some((photo) => photo.ariaPosInSet > 60),
  );
  await close();
});

test("a short loss of network leaves the photos, their place and the open photo", async () => {
  const { page, context, close } = await open(browser, large, QUERY, { mayFail: true });
  const names = await shown(page);
  await scrolled(page, 300);
  const place = () => page.evaluate(() => scrollY);
  const before = await place();
  await context.setOffline(true);
  await (await inTheMiddle(page)).click();
  const photo = page.getByRole("main", { name: "Photo" });
  await photo.getByText("Why this was found").waitFor();
  const strip = page.getByRole("status").filter({ hasText: "Can't reach Magpie" });
  await strip.waitFor();
  await page.keyboard.press("ArrowRight");
  await photo.getByText("Why this was found").waitFor();
  await page.keyboard.press("Escape");
  await photo.waitFor({ state: "detached" });
  await assertSoon(page, place, before);
  assert.ok((await shown(page)).some((name) => names.includes(name)));
  await context.setOffline(false);
  await strip.waitFor({ state: "detached" });
  await caughtUp(page);
  assert.equal(await place(), before);
  await (await inTheMiddle(page)).click();
  await photo.getByText("What Magpie recognised").waitFor();
  await close();
});

test("while a store is away the notice stays as it is", async () => {
  const { page, context, close } = await open(browser, reading, "/?q=cat", { mayFail: true });
  let gate = null;
  await context.route("**/api/status", async (route) => {
    gate?.reach();
    await gate?.opened;
    await route.fulfill(failure(503, "unavailable"));
  });
  await page.reload();
  const notice = page.getByRole("heading", { name: "Can't reach the photo store" });
  await notice.evaluate((element) => (element.kept = true));
  gate = {};
  gate.opened = new Promise((resolve) => (gate.open = resolve));
  await new Promise((resolve) => (gate.reach = resolve)); // by the next request
  await caughtUp(page);
  assert.equal(await notice.evaluate((element) => element.kept), true);
  const [answer] = [page.waitForResponse("**/api/status"), gate.open()];
  await answer;
  await caughtUp(page);
  assert.equal(await notice.evaluate((element) => element.kept), true);
  assert.equal(await page.getByText("boom").count(), 0);
  await close();
});

test("a thumbnail that fails says so, and is asked for again", async () => {
  const { page, context, close } = await open(browser, reading, "/", { mayFail: true });
  let isBroken = true;
  await context.route("**/image?size=*", (route) =>
    isBroken ? route.fulfill({ status: 503 }) : route.continue(),
  );
  await page.goto(`${reading}/?q=cat`);
  const cat = tile(page, "chelsea.png");
  await cat.getByText("chelsea.png").waitFor();
  isBroken = false;
  await cat.getByText("chelsea.png").waitFor({ state: "detached" });
  await page.waitForFunction(
    () => document.querySelector('img[alt$="chelsea.png"]').naturalWidth > 0,
  );
  await close();
});

test("words that cannot be read say so, and come when asked for again", async () => {
  const { page, context, close } = await open(browser, reading, "/history", { mayFail: true });
  let isBroken = true;
  await context.route("**/api/words", (route) =>
    isBroken ? route.fulfill(failure(500, "internal")) : route.continue(),
  );
  await page.getByRole("link", { name: "Words" }).click();
  await page.getByRole("heading", { name: "Something went wrong" }).waitFor();
  isBroken = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("heading", { name: "No words yet" }).waitFor();
  await close();
});

test("a history that cannot be read again is still shown", async () => {
  const { page, context, close } = await open(browser, await shared("teaching"), "/", { mayFail: true });
  const body = { query: "hiccup", good: [], bad: [] };
  const random = await page.request.get(`${await shared("teaching")}/api/photos/random?limit=1`);
  const [{ id }] = (await random.json()).hits;
  await page.request.post(`${await shared("teaching")}/api/feedback`, {
    headers: FROM_PAGE,
    data: { ...body, good: [id] },
  });
  await page.getByRole("link", { name: "History" }).click();
  const entry = page.getByRole("listitem").filter({ hasText: "hiccup" });
  const undo = entry.getByRole("button", { name: "Undo: marked 1 photo for hiccup" });
  await undo.waitFor();
  await context.route("**/api/feedback?*", (route) => route.fulfill(failure(500, "internal")));
  const refused = page.waitForResponse((response) => response.status() === 500);
  await undo.click();
  await page.getByRole("status").getByText("Undone").waitFor();
  await refused;
  await caughtUp(page);
  await entry.first().waitFor();
  assert.equal(await page.getByText("Something went wrong").count(), 0);
  await close();
});
