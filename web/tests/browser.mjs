/** A real Chromium on the real page, and the words the tests speak with it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { chromium } from "playwright-core";

const QUIET = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const DESKTOP = { viewport: { width: 1280, height: 800 } };
export const PHONE = {
  viewport: { width: 390, height: 780 },
  deviceScaleFactor: 2,
  hasTouch: true,
  isMobile: true,
};

export function launch() {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  return chromium.launch({ executablePath, args: QUIET });
}

/**
 * Open the page in a window of its own. Nothing may leave the server's origin, nothing may be
 * blocked by its policy, and no script may fail: `close` asserts that.
 */
export async function open(browser, url, path = "/", options = {}) {
  const { mayFail = false, ...rest } = options;
  const context = await browser.newContext({ ...DESKTOP, ...rest });
  context.setDefaultTimeout(20_000);
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
  const deadline = Date.now() + 5000;
  while (Date.now() < deadline) {
    if (JSON.stringify(await shown(page)) === JSON.stringify(names)) return;
    await page.waitForTimeout(50);
  }
  assert.deepEqual(await shown(page), names);
}

export function tile(page, name) {
  return page.locator(TILES).filter({ has: page.locator(`img[alt="${name}"]`) });
}

/** Type words into the bar and send them; resolves when their photos are there. */
export async function searchFor(page, words) {
  const answered = page.waitForResponse((response) => response.url().includes("/api/search"));
  await page.getByRole("combobox", { name: "Search" }).fill(words);
  await page.keyboard.press("Enter");
  await answered;
}

/**
 * Do something that makes the server rank anew; resolves when no search has been under way for a
 * moment, as one click may ask more than once, and the photos have moved.
 */
export async function rankedAnew(page, act) {
  const isSearch = (it) => it.url().includes("/api/search?");
  let running = 0;
  let last = Date.now();
  const begin = (request) => {
    if (isSearch(request)) running++;
  };
  const finish = (request) => {
    if (!isSearch(request)) return;
    running = Math.max(running - 1, 0);
    last = Date.now();
  };
  page.on("request", begin).on("requestfinished", finish).on("requestfailed", finish);
  const answered = page.waitForResponse(isSearch);
  await act();
  await answered;
  while (running > 0 || Date.now() - last < 300) await page.waitForTimeout(50);
  page.off("request", begin).off("requestfinished", finish).off("requestfailed", finish);
  await page.waitForFunction(() => document.getAnimations().every((it) => it.playState !== "running"));
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
