/** A real Chromium on the real page, and the words the tests speak with it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { after } from "node:test";
import { chromium } from "playwright-core";

const OPTIONS = {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};

export const DESKTOP = { viewport: { width: 1280, height: 800 } };
export const PHONE = {
  viewport: { width: 390, height: 780 },
  deviceScaleFactor: 2,
  hasTouch: true,
  isMobile: true,
};

export function launch() {
  return chromium.launch(OPTIONS);
}

/** Start the browser that all test files share; see stage.mjs. */
export function launchShared() {
  return chromium.launchServer(OPTIONS);
}

/** Connect a test file to the shared browser, in windows of its own, until its tests have ended. */
export async function connect() {
  const browser = await chromium.connect(process.env.PAGE_BROWSER);
  after(() => browser.close());
  return browser;
}

/**
 * Open the page in a window of its own. Nothing may leave the server's origin, nothing may be
 * blocked by its policy, and no script may fail: `close` asserts that.
 */
export async function open(browser, url, path = "/", options = {}) {
  const { mayFail = false, ...rest } = options;
  const context = await browser.newContext({ ...DESKTOP, ...rest });
  context.setDefaultTimeout(60_000); // a bound for failures: machines are shared
  const page = await context.newPage();
  const trouble = [];
  page.on("pageerror", (error) => trouble.push(`error: ${error.message}`));
  page.on("console", (message) => {
    const isRefusal = /Failed to load resource/.test(message.text());
    if (message.type() === "error" && !(mayFail && isRefusal)) trouble.push(message.text());
  });
  page.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith("http") && origin !== new URL(url).origin) trouble.push(request.url());
  });
  const close = async () => {
    await context.close();
    assert.deepEqual(trouble, []);
  };
  await page.goto(url + path);
  await page.locator("#root > *").first().waitFor({ state: "attached" });
  return { page, context, close };
}

const TILES = 'main ul[aria-label] > li[data-id]';

/** Names of the photos in sight, in their order on the screen. */
export async function shown(page) {
  await page.waitForSelector(TILES);
  return page.$$eval(TILES, (tiles) =>
    tiles
      .map((tile) => ({ name: tile.querySelector("img").alt, box: tile.getBoundingClientRect() }))
      .sort((a, b) => a.box.top - b.box.top || a.box.left - b.box.left)
      .map(({ name }) => name),
  );
}

/** Assert that the photos in sight are these, once the page has come to rest. */
export async function assertShown(page, names) {
  const isSo = page.waitForFunction(
    ({ tiles, names }) => {
      const seen = [...document.querySelectorAll(tiles)]
        .map((tile) => ({ name: tile.querySelector("img").alt, box: tile.getBoundingClientRect() }))
        .sort((a, b) => a.box.top - b.box.top || a.box.left - b.box.left)
        .map(({ name }) => name);
      return JSON.stringify(seen) === JSON.stringify(names);
    },
    { tiles: TILES, names },
  );
  await isSo.catch(() => undefined); // the assertion tells more than a time that ran out
  assert.deepEqual(await shown(page), names);
}

/** Assert that these are the best photos, in whatever order, once the page shows an answer. */
export async function assertBest(page, names) {
  const isSo = page.waitForFunction(
    ({ tiles, names }) => {
      const best = [...document.querySelectorAll(tiles)]
        .filter((tile) => tile.ariaPosInSet <= names.length)
        .map((tile) => tile.querySelector("img").alt);
      return JSON.stringify(best.sort()) === JSON.stringify(names);
    },
    { tiles: TILES, names },
  );
  await isSo.catch(() => undefined); // the assertion tells more than a time that ran out
  await atRest(page);
  assert.deepEqual((await shown(page)).slice(0, names.length).sort(), names);
}

export function tile(page, name) {
  return page.locator(TILES).filter({ has: page.locator(`img[alt="${name}"]`) });
}

/** Resolves when nothing moves and nothing fades any more. */
export async function atRest(page) {
  await page.waitForFunction(() =>
    document.getAnimations().every(({ playState }) => playState !== "running"),
  );
}

/** Resolves when the photos in sight are at their places in an answer of the server, and marked so. */
async function showsAnswer(page, response) {
  const { hits } = await response.json();
  if (!hits.length) return; // another screen, which the tests wait for by its text
  const wanted = hits.map(({ id, judged }) => {
    const lead = (judged?.good ?? 0) - (judged?.bad ?? 0);
    return `${id} ${lead > 0 ? "good" : lead < 0 ? "bad" : ""}`;
  });
  const isAll = hits.length < Number(new URL(response.url()).searchParams.get("limit"));
  await page.waitForFunction(
    ({ tiles, wanted, isAll }) => {
      const seen = [...document.querySelectorAll(tiles)].map((tile) => {
        const pressed = tile.querySelector("[aria-pressed=true]");
        return [tile.ariaPosInSet - 1, `${tile.dataset.id} ${pressed?.dataset.verdict ?? ""}`];
      });
      const isThere = ([place, photo]) =>
        place < wanted.length ? wanted[place] === photo : !isAll;
      return seen.length > 0 && seen.every(isThere);
    },
    { tiles: TILES, wanted, isAll },
  );
  await atRest(page);
}

/** Whether a response is a ranking from its first photo on. */
function isRanking(response) {
  const { pathname, searchParams } = new URL(response.url());
  return pathname === "/api/search" && searchParams.get("offset") === "0";
}

/** Do something that searches; resolves when the page shows the answer. */
export async function searched(page, act, isAnswer = isRanking) {
  const [response] = await Promise.all([page.waitForResponse(isAnswer), act()]);
  await showsAnswer(page, response);
}

/** Type words into the bar and send them; resolves when the page shows what was found. */
export async function searchFor(page, words) {
  await page.getByRole("combobox", { name: "Search" }).fill(words);
  await searched(page, () => page.keyboard.press("Enter"));
}

/** Do something that teaches; resolves when the page shows the ranking made after it was recorded. */
export async function rankedAgain(page, act) {
  let isRecorded = false;
  const later = new Set(); // a ranking that was asked for before may be answered after
  const note = (request) => isRecorded && later.add(request);
  page.on("request", note);
  await searched(page, act, (response) => {
    isRecorded ||= response.request().method() !== "GET";
    return later.has(response.request()) && isRanking(response);
  });
  page.off("request", note);
}

/** Drop or paste a file on the window, as the system does it. */
export async function hand(page, kind, path) {
  const data = readFileSync(path).toString("base64");
  await page.evaluate(
    ({ kind, data, name }) => {
      const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], name, { type: "image/png" }));
      const event =
        kind === "paste"
          ? new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true })
          : new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true });
      document.body.dispatchEvent(event);
    },
    { kind, data, name: basename(path) },
  );
}
