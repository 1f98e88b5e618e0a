/** A real Chromium on the real page, and the words the tests speak with it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { after } from "node:test";
import { chromium } from "playwright-core";
import { assertSoon, caughtUp } from "./waiting.mjs";

// Windows that nobody sees need no suggestions under an address bar: they are pages of their own,
// which take half of what a window costs. The last list counts, so Playwright's own is in it.
const WITHOUT = [
  "WebUIOmniboxPopup",
  "WebUIOmniboxAimPopup",
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsUpgrades",
  "HttpsFirstBalancedModeAutoEnable",
  "LensOverlay",
  "MediaRouter",
  "PaintHolding",
  "ThirdPartyStoragePartitioning",
  "AvoidCorsURLLoaderRestartOnRedirect",
  "OptimizationHints",
  "NetworkTimeServiceQuerying",
  "AimEnabled",
  "PreconnectToSearch",
];

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
    `--disable-features=${WITHOUT}`,
  ],
};

export const DESKTOP = { viewport: { width: 1280, height: 800 }, locale: "en-GB" };
export const PHONE = {
  viewport: { width: 390, height: 780 },
  deviceScaleFactor: 2,
  hasTouch: true,
  isMobile: true,
  locale: "en-GB",
};

/** How many times slower than it is a processor seems to the pages: what a test reads too early fails then. */
const SLOWER = Number(process.env.PAGE_SLOWER ?? 1);

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

/** Messages go by themselves: a slow machine may need that time from one step of a test to the next. */
function keepMessages() {
  const [wait, SHOWN_MS] = [window.setTimeout, 7000]; // as in src/parts/Toast.tsx
  window.setTimeout = (act, ms, ...rest) => wait(act, ms === SHOWN_MS ? 100 * ms : ms, ...rest);
}

/**
 * Open the page in a window of its own. Nothing may leave the server's origin, nothing may be
 * blocked by its policy, and no script may fail: `close` asserts that.
 */
export async function open(browser, url, path = "/", options = {}) {
  const { mayFail = false, ...rest } = options;
  // A service worker would take requests out of the tests' hands.
  const context = await browser.newContext({ ...DESKTOP, serviceWorkers: "block", ...rest });
  context.setDefaultTimeout(60_000); // a bound for failures: machines are shared
  await context.addInitScript(keepMessages);
  const page = await context.newPage();
  if (SLOWER > 1) {
    const devtools = await context.newCDPSession(page);
    await devtools.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  }
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
    // Answers that tests change may still be on their way: nobody waits for them any more.
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await context.unrouteAll({ behavior: "ignoreErrors" });
    await context.close();
    assert.deepEqual(trouble, []);
  };
  await page.goto(url + path);
  await page.locator("#root > *").first().waitFor({ state: "attached" });
  return { page, context, close };
}

const TILES = 'main ul[aria-label] > li[data-id]';

/** Names of the photos in sight, in their order on the screen once nothing moves any more. */
export async function shown(page) {
  const names = await page.waitForFunction((tiles) => {
    const isAtRest = document
      .getAnimations()
      .every(({ playState, effect }) => playState !== "running" || effect.getComputedTiming().endTime === Infinity);
    const seen = [...document.querySelectorAll(tiles)]
      .map((tile) => ({ name: tile.querySelector("img").alt.split("; ").at(-1), box: tile.getBoundingClientRect() }))
      .sort((a, b) => a.box.top - b.box.top || a.box.left - b.box.left);
    return isAtRest && seen[0]?.box.width > 0 && seen.map(({ name }) => name);
  }, TILES);
  return names.jsonValue();
}

/** Assert that the photos in sight are these, once they are. */
export function assertShown(page, names) {
  return assertSoon(page, () => shown(page), names);
}

/** Assert which photo is the first, once it is: an address changes before the photos do. */
export function assertFirst(page, name) {
  return assertSoon(page, async () => (await shown(page))[0], name);
}

/** Assert that these are the best photos, in whatever order, once they are. */
export function assertBest(page, names) {
  return assertSoon(page, async () => (await shown(page)).slice(0, names.length).sort(), names);
}

/** The tile of a file; photos are called by what is in them, and by their file. */
export function tile(page, name) {
  const image = `img:is([alt="${name}"], [alt$="; ${name}"])`;
  return page.locator(TILES).filter({ has: page.locator(image) });
}

/** The photo in the middle of the window, which does not scroll when it is clicked. */
export async function inTheMiddle(page) {
  const id = await page.evaluate((tiles) => {
    const far = (tile) => {
      const { left, right, top, bottom } = tile.getBoundingClientRect();
      return Math.hypot(left + right - innerWidth, top + bottom - innerHeight);
    };
    return [...document.querySelectorAll(tiles)].sort((a, b) => far(a) - far(b))[0].dataset.id;
  }, TILES);
  return page.locator(`${TILES}[data-id="${id}"] > a`);
}

/** Resolves when nothing moves or fades any more, but for what does so without end. */
export async function atRest(page) {
  await page.waitForFunction(() =>
    document
      .getAnimations()
      .every(
        ({ playState, effect }) =>
          playState !== "running" || effect.getComputedTiming().endTime === Infinity,
      ),
  );
}

/** Whether the photos in sight come to their places in an answer, and are marked as in it, at once or soon. */
async function showsAnswer(page, url, { hits }) {
  if (!hits.length) return true; // another screen, which the tests wait for by its text
  const wanted = hits.map(({ id, judged }) => {
    const lead = (judged?.good ?? 0) - (judged?.bad ?? 0);
    return `${id} ${lead > 0 ? "good" : lead < 0 ? "bad" : ""}`;
  });
  const isAll = hits.length < Number(new URL(url).searchParams.get("limit"));
  const isSo = page.waitForFunction(
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
    { timeout: 1000 },
  );
  return isSo.then(() => true, (error) => {
    if (error.name === "TimeoutError") return false;
    throw error;
  });
}

/** Whether a request is for a ranking from its first photo on. */
function isRanking(request) {
  const { pathname, searchParams } = new URL(request.url());
  return pathname === "/api/search" && searchParams.get("offset") === "0";
}

const TRIES = 60;

/** Do something that searches; resolves with the newest answer when the page shows it. */
export async function searched(page, act, isAnswer = isRanking) {
  const asked = new Set(); // since then: what was asked for before may be answered after
  let newest, answer;
  const ask = (request) => isAnswer(request) && asked.add(request);
  const note = (request) => {
    if (asked.has(request)) newest = request;
  };
  page.on("request", ask);
  page.on("requestfinished", note); // a ranking that is overtaken on its way never finishes
  await Promise.all([page.waitForEvent("requestfinished", (request) => asked.has(request)), act()]);
  let isShown = false;
  for (let tries = 0; tries < TRIES && !isShown; tries++) {
    const last = newest;
    answer = await (await last.response()).json();
    await caughtUp(page); // what is shown at once after a click may look like the answer to it
    isShown = (await showsAnswer(page, last.url(), answer)) && last === newest;
  }
  page.off("requestfinished", note);
  page.off("request", ask);
  assert.ok(isShown, `the page never showed the answer to ${newest.url()}`);
  await atRest(page);
  return answer;
}

/** Type words into the bar and send them; resolves with what was found when the page shows it. */
export async function searchFor(page, words) {
  await page.getByRole("combobox", { name: "Search" }).fill(words);
  return searched(page, () => page.keyboard.press("Enter"));
}

/** Do something that teaches; resolves when the page shows the ranking made after it was recorded. */
export async function rankedAgain(page, act) {
  let isRecorded = false;
  const record = (response) => {
    isRecorded ||= response.request().method() !== "GET";
  };
  page.on("response", record);
  await searched(page, act, (request) => isRecorded && isRanking(request));
  page.off("response", record);
}

/** Drop or paste files on the window, as the system does it. */
export async function hand(page, kind, ...paths) {
  const files = paths.map((path) => [basename(path), readFileSync(path).toString("base64")]);
  await page.evaluate(
    ({ kind, files }) => {
      const transfer = new DataTransfer();
      for (const [name, data] of files) {
        const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
        transfer.items.add(new File([bytes], name, { type: "image/png" }));
      }
      const event =
        kind === "paste"
          ? new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true })
          : new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true });
      document.body.dispatchEvent(event);
    },
    { kind, files },
  );
}
