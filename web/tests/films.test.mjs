import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { atRest, connect, open, PHONE, shown, tile } from "./browser.mjs";
import { index, serve, shared } from "./server.mjs";

const browser = await connect();
const server = await shared("furnished");

test("a film shows its length on its tile, and photos show none", async () => {
  const { page, close } = await open(browser, server, "/?q=cat+coffee");
  const film = tile(page, "chelsea.png").getByText("film, 0:42");
  await film.waitFor();
  assert.equal(await page.getByText("film, ").count(), 1);
  assert.ok((await shown(page)).length > 1);
  const [mark, photo] = [await film.boundingBox(), await tile(page, "chelsea.png").boundingBox()];
  assert.ok(mark.x > photo.x + photo.width / 2 && mark.y > photo.y + photo.height / 2);
  await tile(page, "chelsea.png").getByRole("link").click();
  await page.getByText("PNG, 0:42 long").waitFor();
  assert.equal(await page.getByText("Damaged file").count(), 0);
  await close();
});

test("a film plays where the browser can, also from its middle", async () => {
  const folder = mkdtempSync(join(tmpdir(), "magpie-film-"));
  const program = new URL("../../tests/web/film.py", import.meta.url).pathname;
  execFileSync(JSON.parse(process.env.MAGPIE_COMMAND)[0], [program, process.env.PAGE_PHOTOS, folder]);
  const own = await serve({ store: await index(folder) });
  const { page, close } = await open(browser, own.url, "/");
  await page.locator("li[data-id] > a").first().click();
  const film = page.locator("video");
  await film.waitFor();
  assert.ok(await film.getAttribute("poster"));
  await film.evaluate(async (video) => {
    video.muted = true;
    await video.play();
  });
  await page.waitForFunction(() => document.querySelector("video").currentTime > 0.1);
  await film.evaluate(async (video) => {
    video.currentTime = 3;
    await video.play(); // again, if it has come to its end meanwhile
  });
  await page.waitForFunction(() => document.querySelector("video").currentTime > 3.1);
  const [frame, stage] = [await film.boundingBox(), page.viewportSize()];
  assert.ok(frame.width > 300 && frame.x + frame.width <= stage.width);
  await close();
  await own.end();
});

test("where the browser cannot play it, a film is its frame, and the page says so", async () => {
  const { page, close } = await open(browser, server, "/?q=cat", { mayFail: true });
  await tile(page, "chelsea.png").getByRole("link").click();
  await page.locator("video").evaluate((video) => video.play().catch(() => undefined));
  await page.getByText("Your browser can't play this film.").waitFor();
  await page.getByRole("main", { name: "Photo" }).getByRole("img", { name: "chelsea.png" }).waitFor();
  assert.equal(await page.locator("video").count(), 0);
  await close();
});

test("on a phone the length is clear of the buttons that judge", async () => {
  const { page, close } = await open(browser, server, "/?q=cat", PHONE);
  const cat = tile(page, "chelsea.png");
  await page.getByRole("button", { name: "Mark photos" }).tap();
  await cat.getByRole("button").nth(1).waitFor();
  await atRest(page);
  const mark = await cat.getByText("film, 0:42").boundingBox();
  for (const button of await cat.getByRole("button").all()) {
    const box = await button.boundingBox();
    assert.ok(mark.y + mark.height <= box.y || mark.x >= box.x + box.width);
  }
  await close();
});

test("a damaged file is called one where its photo is described", async () => {
  const { page, close } = await open(browser, server, "/?q=coffee");
  await tile(page, "coffee.png").getByRole("link").click();
  await page.getByText("Damaged file: a part of the picture is missing.").waitFor();
  await close();
});

test("the start page names what was left out, and only where something was", async () => {
  const { page, close } = await open(browser, server, "/");
  await page.getByText("312 files left out: 280 .mp4, 32 .txt").waitFor();
  await close();
  const other = await open(browser, await shared("reading"), "/status");
  await other.page.getByRole("heading", { name: "Status" }).waitFor(); // it would tell what was left out
  await other.page.getByRole("link", { name: "Magpie" }).click();
  await shown(other.page);
  assert.equal(await other.page.getByText("left out").count(), 0);
  await other.close();
});
