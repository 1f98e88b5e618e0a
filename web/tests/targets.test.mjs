/** What fingers hit is 44 px high and wide, and colours that the system forces say the same. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { connect, open, PHONE, shown, tile } from "./browser.mjs";
import { FROM_PAGE, shared } from "./server.mjs";

const browser = await connect();
const server = await shared("screens");

/** Name of a screen -> its address and what is waited for. */
const SCREENS = {
  start: ["/", (page) => shown(page)],
  results: ["/?q=cat+rocket", (page) => shown(page)],
  unfamiliar: ["/?q=zebrra", (page) => shown(page)],
  words: ["/words", (page) => page.getByRole("button", { name: "Forget" }).first().waitFor()],
  history: ["/history", (page) => page.getByRole("button", { name: /^Undo/ }).first().waitFor()],
  photo: [
    "/?q=cat",
    async (page) => {
      await tile(page, "chelsea.png").getByRole("link").tap();
      await page.getByRole("heading", { name: "File" }).waitFor();
    },
  ],
};

before(async () => {
  const [{ id }] = (await (await fetch(`${server}/api/photos/random?limit=1`)).json()).hits;
  const headers = { ...FROM_PAGE, "Content-Type": "application/json" };
  const body = JSON.stringify({ good: [id], bad: [] });
  await fetch(`${server}/api/words/ox/examples`, { method: "POST", headers, body });
});

for (const [name, [path, lead]] of Object.entries(SCREENS))
  test(`fingers hit everything on the screen: ${name}`, async () => {
    const { page, close } = await open(browser, server, path, PHONE);
    await lead(page);
    const small = await page.evaluate(() =>
      [...document.querySelectorAll("button, a[href], input:not([type=file])")]
        .filter((control) => control.checkVisibility({ visibilityProperty: true }) && !control.closest("[inert]"))
        .map((control) => ({ name: control.ariaLabel ?? control.textContent, box: control.getBoundingClientRect() }))
        .filter(({ box }) => box.width && (box.width < 43.9 || box.height < 43.9))
        .map(({ name, box }) => `${name}: ${box.width} x ${box.height}`),
    );
    assert.deepEqual(small, []);
    await close();
  });

test("at 320 px, as at 400 % zoom, no screen scrolls sideways", async () => {
  for (const name of ["start", "results", "unfamiliar", "words", "history"]) {
    const [path, lead] = SCREENS[name];
    const { page, close } = await open(browser, server, path, { viewport: { width: 320, height: 256 } });
    await lead(page);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${path} is ${wide} px too wide`);
    await close();
  }
});

test("bars and pressed buttons are seen in forced colours", async () => {
  const { page, close } = await open(browser, server, "/?q=cat", { forcedColors: "active" });
  await tile(page, "chelsea.png").getByRole("link").click();
  const recognised = page.getByRole("heading", { name: "What Magpie recognised" }).locator("..");
  await recognised.getByRole("listitem").first().waitFor();
  const [bar, track] = await recognised.locator("[aria-hidden=true]").first().evaluate((element) =>
    [element.firstElementChild, element].map((one) => getComputedStyle(one).backgroundColor),
  );
  assert.notEqual(bar, track);
  await close();
});
