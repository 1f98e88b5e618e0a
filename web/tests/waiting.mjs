/** Waiting for what is expected of a page, whatever the speed of page, server and test. */
import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";

/** A bound for failures: a minute, longer on a page that paints slowly. */
const MOST_FRAMES = 3600;

/** Assert what is read of a page, equal or matching, once it is so: a failure tells what it was instead. */
export async function assertSoon(page, read, expected) {
  const isPattern = expected instanceof RegExp;
  const isSo = (told) => (isPattern ? expected.test(told) : isDeepStrictEqual(told, expected));
  let told = await read();
  for (let frames = 0; frames < MOST_FRAMES && !isSo(told); frames++) {
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
    told = await read();
  }
  assert[isPattern ? "match" : "deepEqual"](told, expected);
}

/**
 * Resolves when the page has handled all that was answered before, and has painted it. Whatever has
 * not been asked for or shown by then will not be. Playwright's "networkidle" comes once a document.
 */
export async function caughtUp(page) {
  await page.evaluate(async () => {
    await (await fetch("/theme.js", { cache: "no-store" })).text();
    await new Promise((done) => setTimeout(done));
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  });
}

/** Turn the wheel; resolves when the window has come so many pixels down, and not on the way there. */
export async function scrolled(page, pixels) {
  const to = pixels + (await page.evaluate(() => scrollY));
  await page.mouse.wheel(0, pixels);
  await page.waitForFunction((to) => Math.abs(scrollY - to) < 1, to);
}

/** Note what the page copies; resolves to what reads it. All test files share one clipboard. */
export async function noteCopies(page) {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate(() => {
    const write = navigator.clipboard.writeText;
    navigator.clipboard.writeText = (text) => {
      window.copied = text;
      return write.call(navigator.clipboard, text);
    };
  });
  return () => page.evaluate(() => window.copied);
}
