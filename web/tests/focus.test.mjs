/** The focus never falls to the body, and a screen reader hears what others see. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertFirst, connect, open, rankedAgain, shown } from "./browser.mjs";
import { FROM_PAGE, shared } from "./server.mjs";

const browser = await connect();
const server = await shared("teaching");

/** Resolves once an element that is in the page has the focus, and tells what it is. */
async function focused(page, selector = "*") {
  const told = await page.waitForFunction((selector) => {
    const { activeElement } = document;
    const isSo = activeElement !== document.body && activeElement.matches(selector);
    return isSo && [activeElement.ariaLabel ?? activeElement.textContent];
  }, selector);
  return (await told.jsonValue())[0];
}

/** Press Tab until a control has the focus. */
async function tabTo(page, name) {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press("Tab");
    const now = await page.evaluate(() => document.activeElement.ariaLabel ?? document.activeElement.textContent);
    if (now.trim() === name) return;
  }
  assert.fail(`${name} is not reached by Tab`);
}

const heard = (page, text) => page.locator("[aria-live]").getByText(text).waitFor({ state: "attached" });

test("from the start to a taught word by keyboard, with what a screen reader hears", async () => {
  const { page, close } = await open(browser, server, "/");
  await page.keyboard.press("/");
  await page.keyboard.type("zorkeylax");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "I don't know zorkeylax yet" }).waitFor();
  await heard(page, "No photos for zorkeylax");
  await focused(page, "main");
  await tabTo(page, "Pick one of your photosClick any photo below that shows zorkeylax");
  const [first] = await shown(page);
  await page.keyboard.press("Enter");
  await focused(page, "#among button");
  await rankedAgain(page, () => page.keyboard.press("Enter"));
  await assertFirst(page, first);
  await heard(page, "zorkeylax: 1 match, 0 wrong. The photos are in a new order");
  await focused(page);
  const tree = await page.locator("body").ariaSnapshot();
  for (const line of [
    /- status:.*\n?.*Learned zorkeylax from 1 photo/,
    /region "Learning"/,
    /list "Photos for zorkeylax"/,
    /group "Does this match zorkeylax\?"/,
    /button "Match for zorkeylax" \[pressed\]/,
  ])
    assert.match(tree, line);

  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await rankedAgain(page, () => page.keyboard.press("b"));
  await heard(page, "zorkeylax: 1 match, 1 wrong");
  await focused(page);
  await rankedAgain(page, () => page.keyboard.press("u"));
  await heard(page, "Undone: Marked as not zorkeylax");
  await focused(page);

  await page.keyboard.press("Enter");
  await focused(page, "main[aria-label^=Photo]");
  await page.keyboard.press("Escape");
  await focused(page, "li[data-id] a");
  await close();
});

test("a word that is renamed, and the next one after a word is forgotten, have the focus", async () => {
  const [{ id }] = (await (await fetch(`${server}/api/photos/random?limit=1`)).json()).hits;
  for (const word of ["focusalax", "focusblax"]) {
    const body = JSON.stringify({ good: [id], bad: [] });
    const headers = { ...FROM_PAGE, "Content-Type": "application/json" };
    await fetch(`${server}/api/words/${word}/examples`, { method: "POST", headers, body });
  }
  const { page, close } = await open(browser, server, "/words");
  await page.getByRole("button", { name: "Rename focusalax" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("textbox", { name: "New name for focusalax" }).fill("zzfocuslax");
  await page.keyboard.press("Enter");
  await focused(page, "li[aria-label=zzfocuslax]");
  await page.getByRole("button", { name: "Forget focusblax" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("listitem", { name: "focusblax" }).waitFor({ state: "detached" });
  await focused(page, "main li *");
  await page.goto(`${server}/history`);
  const entry = page.getByRole("listitem").filter({ hasText: "Forgot focusblax" });
  await entry.getByRole("button").focus();
  await page.keyboard.press("Enter");
  await entry.getByText("undone").waitFor();
  assert.equal(await focused(page, "main li button"), "Redo: forgot focusblax");
  await close();
});
