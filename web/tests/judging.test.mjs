import assert from "node:assert/strict";
import { test } from "node:test";
import { assertFirst, assertShown, connect, open, rankedAgain, shown, tile } from "./browser.mjs";
import { shared } from "./server.mjs";
import { assertSoon } from "./waiting.mjs";

const browser = await connect();
const server = await shared("teaching");

const learning = (page) => page.getByRole("region", { name: "Learning" });

/** Move the pointer to a photo, which selects it. */
async function point(page, name) {
  await tile(page, name).hover();
  await tile(page, name).and(page.locator("[data-selected]")).waitFor();
}

/** The third photo that a search found, selected by keys. */
async function selectThird(page) {
  const names = await shown(page);
  for (let presses = 0; presses < 3; presses++) await page.keyboard.press("ArrowRight");
  return names[2];
}

test("g moves a photo up, b takes one out, u brings back the exact old order", async () => {
  const { page, close } = await open(browser, server, "/?q=rocket");
  const before = await shown(page);
  const third = await selectThird(page);
  await rankedAgain(page, () => page.keyboard.press("g"));
  const raised = await shown(page);
  assert.equal(raised[0], third);
  await tile(page, third).getByText("marked as a match").waitFor({ state: "attached" });
  await learning(page).getByText("1 match").waitFor();

  await point(page, raised.at(-1));
  await rankedAgain(page, () => page.keyboard.press("b"));
  assert.equal((await shown(page)).includes(raised.at(-1)), false);
  await learning(page).getByText("1 wrong").waitFor();

  await rankedAgain(page, () => page.keyboard.press("u"));
  await assertShown(page, raised);
  await rankedAgain(page, () => page.keyboard.press("u"));
  await assertShown(page, before);
  await learning(page).waitFor({ state: "hidden" });
  await close();
});

test("clicks do the same, and the toast undoes", async () => {
  const { page, close } = await open(browser, server, "/?q=coffee");
  const before = await shown(page);
  const last = before.at(-1);
  await tile(page, last).hover();
  await rankedAgain(page, () => tile(page, last).getByRole("button", { name: "Match for coffee", exact: true }).click());
  await assertFirst(page, last);
  const toast = page.getByRole("status").filter({ hasText: "Marked as coffee" });
  await rankedAgain(page, () => toast.getByRole("button", { name: "Undo" }).click());
  await assertShown(page, before);
  await close();
});

test("a judgement is remembered, and a second click takes it back", async () => {
  const { page, close } = await open(browser, server, "/?q=brick");
  const [first] = await shown(page);
  await tile(page, first).hover();
  const good = tile(page, first).getByRole("button", { name: "Match for brick", exact: true });
  const pressed = () => good.getAttribute("aria-pressed");
  await rankedAgain(page, () => good.click());
  await assertSoon(page, pressed, "true");
  await rankedAgain(page, () => good.click());
  await assertSoon(page, pressed, "false");
  await rankedAgain(page, () => good.click());
  await page.reload();
  await tile(page, first).getByText("marked as a match").waitFor({ state: "attached" });
  await close();
});

/** How long photos move after a judgement, in ms; empty where they do not move. */
async function moves(page) {
  await page.evaluate(() => {
    window.moves = [];
    const animate = Element.prototype.animate;
    Element.prototype.animate = function (frames, timing) {
      window.moves.push(timing.duration);
      return animate.call(this, frames, timing);
    };
  });
  await selectThird(page);
  await rankedAgain(page, () => page.keyboard.press("g"));
  await rankedAgain(page, () => page.keyboard.press("u"));
  return page.evaluate(() => window.moves);
}

test("photos move to their new places for 200 ms", async () => {
  const { page, close } = await open(browser, server, "/?q=flower");
  const durations = await moves(page);
  assert.ok(durations.length > 0);
  assert.deepEqual([...new Set(durations)], [200]);
  await close();
});

test("they do not where the system asks for less motion", async () => {
  const { page, close } = await open(browser, server, "/?q=flower", { reducedMotion: "reduce" });
  assert.deepEqual(await moves(page), []);
  await close();
});

test("an open photo is judged too, and done closes the bar", async () => {
  const { page, close } = await open(browser, server, "/?q=motorcycle");
  await shown(page);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.getByText("Why this was found").waitFor();
  await rankedAgain(page, () => page.keyboard.press("g"));
  const photo = page.getByRole("main", { name: "Photo" });
  await photo.getByRole("button", { name: "Match for motorcycle", exact: true, pressed: true }).waitFor();
  await page.keyboard.press("Escape");
  await learning(page).getByText("1 match").waitFor();
  await learning(page).getByRole("button", { name: "Done" }).click();
  await learning(page).waitFor({ state: "hidden" });
  await close();
});
