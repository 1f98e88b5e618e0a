import assert from "node:assert/strict";
import { test } from "node:test";
import { connect, open, PHONE, shown } from "./browser.mjs";
import { shared } from "./server.mjs";
import { assertSoon } from "./waiting.mjs";

const browser = await connect();
const server = await shared("reading");

/** Open a search whose answer calls so many of its photos likely. */
async function openWith(likely, path, options) {
  const opened = await open(browser, server, "/words", options);
  await opened.context.route("**/api/search?*", async (route) => {
    const response = await route.fetch();
    const answer = await response.json();
    const offset = Number(new URL(route.request().url()).searchParams.get("offset"));
    const hits = answer.hits.map((hit, n) => ({ ...hit, likely: offset + n < likely }));
    await route.fulfill({ response, json: { ...answer, likely, hits } });
  });
  await opened.page.goto(server + path);
  await shown(opened.page);
  return opened;
}

const heard = (page) => () => page.locator("p.visually-hidden[aria-live]").textContent();
const boxes = (page) =>
  page.$$eval("main li[data-id]", (tiles) =>
    tiles
      .map((tile) => ({ place: Number(tile.ariaPosInSet), box: tile.getBoundingClientRect().toJSON() }))
      .sort((a, b) => a.place - b.place)
      .map(({ box }) => box),
  );

for (const [look, options] of [["desk", {}], ["phone", PHONE]])
  test(`likely photos come first, the others below a line (${look})`, async () => {
    const { page, close } = await openWith(2, "/?q=cat+coffee+rocket", options);
    const line = await page.getByRole("heading", { name: "Less likely" }).boundingBox();
    const tiles = await boxes(page);
    assert.ok(tiles.length > 2);
    for (const [n, tile] of tiles.entries())
      assert.ok(n < 2 ? tile.y + tile.height <= line.y : tile.y >= line.y + line.height, `photo ${n}`);
    await assertSoon(page, heard(page), /photos for cat coffee rocket, 2 of them likely/);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    const focused = await page.evaluate(() => document.activeElement.closest("li").ariaPosInSet);
    assert.ok(Number(focused) > 2, "arrows cross the line");
    await close();
  });

test("where none is likely, the page says that it guesses, and offers to teach", async () => {
  const { page, close } = await openWith(0, "/?q=coffee");
  await page.getByText("No photo clearly shows coffee; these come closest.").waitFor();
  await page.getByRole("button", { name: "Teach coffee with a picture" }).waitFor();
  assert.equal(await page.getByText("Less likely").count(), 0);
  await assertSoon(page, heard(page), /none of them likely/);
  await close();
});

test("where all are likely, or the server does not say, there is no line", async () => {
  for (const likely of [1000, undefined]) {
    const { page, close } = await openWith(likely, "/?q=cat+coffee");
    assert.equal(await page.getByText("Less likely").count(), 0);
    assert.equal(await page.getByText("come closest").count(), 0);
    await close();
  }
});
