/** A real Chromium on the real page, and the words the tests speak with it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { after } from "node:test";
import { chromium } from "playwright-core";

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

/**
 * Open the page in a window of its own. Nothing may leave the server's origin, nothing may be
 * blocked by its policy, and no script may fail: `close` asserts that.
 */
export async function open(browser, url, path = "/", options = {}) {
  const { mayFail = false, ...rest } = options;
  // A service worker would take requests out of the tests' hands.
  const context = await browser.newContext({ ...DESKTOP, serviceWorkers: "block", ...rest });
  context.setDefaultTimeout(60_000); // a bound for failures: machines are shared
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
  await page.waitForSelector(TILES);
  await atRest(page);
  return page.$$eval(TILES, (tiles) =>
    tiles
      .map((tile) => ({ name: tile.querySelector("img").alt.split("; ").at(-1), box: tile.getBoundingClientRect() }))
      .sort((a, b) => a.box.top - b.box.top || a.box.left - b.box.left)
      .map(({ name }) => name),
  );
}

/** Assert that the photos in sight are these, once the page has come to rest. */
export async function assertShown(page, names) {
  const isSo = page.waitForFunction(
    ({ tiles, names }) => {
      const seen = [...document.querySelectorAll(tiles)]
        .map((tile) => ({ name: tile.querySelector("img").alt.split("; ").at(-1), box: tile.getBoundingClientRect() }))
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
        .map((tile) => tile.querySelector("img").alt.split("; ").at(-1));
      return JSON.stringify(best.sort()) === JSON.stringify(names);
    },
    { tiles: TILES, names },
  );
  await isSo.catch(() => undefined); // the assertion tells more than a time that ran out
  await atRest(page);
  assert.deepEqual((await shown(page)).slice(0, names.length).sort(), names);
}

/** The tile of a file; photos are called by what is in them, and by their file. */
export function tile(page, name) {
  const image = `img:is([alt="${name}"], [alt$="; ${name}"])`;
  return page.locator(TILES).filter({ has: page.locator(image) });
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
  let newest, answer;
  const note = (request) => {
    if (isAnswer(request)) newest = request;
  };
  page.on("requestfinished", note); // a ranking that is overtaken on its way never finishes
  await Promise.all([page.waitForEvent("requestfinished", isAnswer), act()]);
  let isShown = false;
  for (let tries = 0; tries < TRIES && !isShown; tries++) {
    const asked = newest;
    answer = await (await asked.response()).json();
    isShown = (await showsAnswer(page, asked.url(), answer)) && asked === newest;
  }
  page.off("requestfinished", note);
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
  const later = new Set(); // a ranking that was asked for before may be answered after
  const record = (response) => {
    isRecorded ||= response.request().method() !== "GET";
  };
  const note = (request) => isRecorded && later.add(request);
  page.on("response", record);
  page.on("request", note);
  await searched(page, act, (request) => later.has(request) && isRanking(request));
  page.off("request", note);
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
