import assert from "node:assert/strict";
import { test } from "node:test";
import { assertFirst, assertShown, connect, open, PHONE, searchFor, shown, tile } from "./browser.mjs";
import { shared } from "./server.mjs";
import { assertSoon, caughtUp, noteCopies } from "./waiting.mjs";

const browser = await connect();
const server = await shared("reading");

const photo = (page, name) => page.getByRole("main", { name: `Photo ${name}` });

test("a photo shows what was recognised, and why it was found", async () => {
  const { page, close } = await open(browser, server, "/?q=cat");
  await tile(page, "chelsea.png").getByRole("link").click();
  const open_ = photo(page, "chelsea.png");
  await open_.getByRole("heading", { name: "What Magpie recognised" }).waitFor();
  await open_.getByText("451 × 300 pixels").waitFor();
  await open_.getByText("/chelsea.png").waitFor();
  const scores = await open_.locator("td").allTextContents();
  const numbers = scores.map((text) => Number(text.replace("− ", "-")));
  const sum = numbers.slice(0, -1).reduce((total, part) => total + part, 0);
  assert.ok(Math.abs(sum - numbers.at(-1)) < 0.001 * numbers.length, scores.join(" "));
  await close();
});

test("left and right walk through the results, Escape goes back", async () => {
  const { page, close } = await open(browser, server, "/?q=cat+rocket");
  const names = await shown(page);
  await tile(page, names[0]).getByRole("link").click();
  await photo(page, names[0]).waitFor();
  await page.keyboard.press("ArrowRight");
  await photo(page, names[1]).waitFor();
  await page.getByRole("button", { name: "Next" }).click();
  await photo(page, names[2]).waitFor();
  await page.keyboard.press("ArrowLeft");
  await photo(page, names[1]).waitFor();
  await page.keyboard.press("Escape");
  await page.waitForURL("**/?q=cat+rocket");
  await assertShown(page, names);
  await close();
});

test("a photo that keys opened has the focus again when it is closed", async () => {
  const { page, close } = await open(browser, server, "/?q=cat+rocket");
  await shown(page);
  for (const at of [1, 2]) {
    await page.keyboard.press("ArrowRight"); // the first press selects the first photo
    const link = page.locator(`li[data-id][aria-posinset="${at}"] > a`);
    await assertSoon(page, () => link.evaluate((element) => element === document.activeElement), true);
    await page.keyboard.press("Enter");
    await page.getByRole("main", { name: /^Photo / }).waitFor();
    await page.keyboard.press("Escape");
    await page.waitForURL("**/?q=cat+rocket");
    await caughtUp(page);
    assert.ok(await link.evaluate((element) => element === document.activeElement));
  }
  await close();
});

test("similar photos open one from another, and Escape leaves them all", async () => {
  const { page, close } = await open(browser, server, "/?q=cat");
  await tile(page, "chelsea.png").getByRole("link").click();
  const strip = page.getByRole("region", { name: "Similar photos" });
  const next = await strip.getByRole("img").first().getAttribute("alt"); // without a query, the file's name
  await strip.getByRole("link").nth(1).click();
  await photo(page, next).waitFor();
  await page.keyboard.press("Escape");
  await page.waitForURL("**/?q=cat");
  await close();
});

test("a photo's address can be sent; Back leads to the search it came from", async () => {
  const { page, close } = await open(browser, server, "/?q=cat");
  await tile(page, "chelsea.png").getByRole("link").click();
  await photo(page, "chelsea.png").waitFor();
  const address = await page.evaluate(() => location.pathname + location.search);
  const other = await open(browser, server, address);
  await photo(other.page, "chelsea.png").waitFor();
  await other.page.getByRole("button", { name: "Back" }).click();
  await other.page.waitForURL("**/?q=cat");
  await other.close();
  await close();
});

test("the original can be saved, and its path copied", async () => {
  const { page, close } = await open(browser, server, "/?q=cat");
  const copied = await noteCopies(page);
  await tile(page, "chelsea.png").getByRole("link").click();
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download" }).click();
  assert.equal((await download).suggestedFilename(), "chelsea.png");
  await page.getByRole("button", { name: /^Copy/ }).click();
  await page.getByText("Path copied").waitFor();
  assert.match(await copied(), /chelsea\.png$/);
  await close();
});

test("back from a walk, the photo seen last is in sight and has the focus", async () => {
  const large = await shared("large");
  const { page, close } = await open(browser, large);
  const { hits } = await searchFor(page, "animal"); // other files teach this server
  const names = hits.map(({ path }) => path.split("/").at(-1));
  await tile(page, names[0]).getByRole("link").click();
  await photo(page, names[0]).waitFor();
  for (const name of names.slice(1, 26)) {
    await page.keyboard.press("ArrowRight");
    await photo(page, name).waitFor();
  }
  await page.keyboard.press("Escape");
  await page.waitForFunction(
    (name) => document.activeElement.querySelector("img")?.alt.endsWith(name),
    names[25],
  );
  await page.waitForFunction(() => {
    const { top, bottom } = document.activeElement.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  });
  await close();
});

test("a photo found deep is walked from after its address was loaded again", async () => {
  const large = await shared("large");
  const { hits } = await (await fetch(`${large}/api/search?q=animal&limit=200`)).json();
  const { id, path } = hits[130];
  const { page, close } = await open(browser, large, `/photo/${id}?q=animal`);
  await photo(page, path.split("/").at(-1)).waitFor();
  await page.getByRole("heading", { name: "Why this was found" }).waitFor();
  await page.getByRole("button", { name: "Next photo" }).waitFor();
  await page.getByRole("button", { name: "Previous photo" }).click();
  await page.waitForURL((address) => !address.pathname.endsWith(id));
  await close();
});

test("the photos of the start page are walked through", async () => {
  const { page, close } = await open(browser, server, "/");
  const names = await shown(page);
  await tile(page, names[0]).getByRole("link").click();
  await photo(page, names[0]).waitFor();
  await page.keyboard.press("ArrowRight");
  await photo(page, names[1]).waitFor();
  await page.keyboard.press("Escape");
  await page.waitForURL(`${server}/`);
  await close();
});

test("beside a photo of a search that finds nothing there are none of the start page", async () => {
  const { page, close } = await open(browser, server, "/");
  await shown(page);
  const id = await page.locator("li[data-id]").nth(1).getAttribute("data-id");
  await page.evaluate((id) => {
    history.pushState({}, "", `/photo/${id}?q=zorwalklax`);
    window.dispatchEvent(new PopStateEvent("popstate"));
  }, id);
  await page.getByRole("heading", { name: "What Magpie recognised" }).waitFor();
  await page.getByText("I don't know zorwalklax yet").waitFor();
  assert.equal(await page.getByRole("button", { name: /^(Next|Previous) photo$/ }).count(), 0);
  await close();
});

test("a click shows the pixels of the original, z fits it again", async () => {
  const { page, close } = await open(browser, server, "/?q=cat");
  await tile(page, "chelsea.png").getByRole("link").click();
  const image = photo(page, "chelsea.png").getByRole("img", { name: "chelsea.png" }).first();
  await image.waitFor();
  await photo(page, "chelsea.png").getByRole("heading", { name: "File" }).waitFor();
  const before = await image.boundingBox();
  const original = page.waitForRequest(/\/image$/);
  await image.click();
  await original;
  const zoomed = await image.boundingBox();
  assert.ok(zoomed.width > 1.5 * before.width, `${zoomed.width}`);
  await page.mouse.down();
  await page.mouse.move(300, 300, { steps: 3 });
  await page.mouse.up();
  const isDragged = async () => (await image.boundingBox()).x !== zoomed.x;
  await assertSoon(page, isDragged, true);
  assert.ok(Math.abs((await image.boundingBox()).width - zoomed.width) < 1);
  await page.keyboard.press("z");
  await assertSoon(page, () => image.boundingBox(), before);
  await close();
});

test("f shows the photo on the full screen, keys walk on there, and f leaves it", async () => {
  const { page, close } = await open(browser, server, "/?q=cat+rocket");
  const names = await shown(page);
  await tile(page, names[0]).getByRole("link").click();
  await photo(page, names[0]).waitFor();
  const isFull = (is) => page.waitForFunction((is) => (document.fullscreenElement !== null) === is, is);
  await page.keyboard.press("f");
  await isFull(true);
  await page.keyboard.press("ArrowRight");
  await photo(page, names[1]).waitFor();
  await isFull(true);
  await page.keyboard.press("f");
  await isFull(false);
  await close();
});

test("on a phone a finger leads to the next photo, and back", async () => {
  const { page, close } = await open(browser, server, "/?q=cat+rocket", PHONE);
  const names = await shown(page);
  await tile(page, names[0]).getByRole("link").tap();
  await photo(page, names[0]).waitFor();
  const swipe = (name, dx, dy) =>
    photo(page, name)
      .getByRole("img", { name })
      .first()
      .evaluate(
        (target, [dx, dy]) => {
          const touch = (x, y) => new Touch({ identifier: 1, target, clientX: x, clientY: y });
          const send = (type, touches, changedTouches) =>
            target.dispatchEvent(new TouchEvent(type, { touches, changedTouches, bubbles: true }));
          send("touchstart", [touch(200, 200)], [touch(200, 200)]);
          send("touchend", [], [touch(200 + dx, 200 + dy)]);
        },
        [dx, dy],
      );
  await swipe(names[0], -120, 10);
  await photo(page, names[1]).waitFor();
  await swipe(names[1], 120, 10);
  await photo(page, names[0]).waitFor();
  await swipe(names[0], 10, 150);
  await page.waitForURL("**/?q=cat+rocket");
  await close();
});

test("a file that is gone is not downloaded without a word", async () => {
  const { page, context, close } = await open(browser, server, "/?q=cat", { mayFail: true });
  await context.route(/\/image$/, (route) => route.fulfill({ status: 404 }));
  await tile(page, "chelsea.png").getByRole("link").click();
  await page.getByRole("link", { name: "Download" }).click();
  await page.getByText("The file of this photo is gone or has changed.").waitFor();
  await context.route("**/image?size=*", (route) => route.fulfill({ status: 404 }));
  await page.keyboard.press("ArrowRight");
  await page.getByText("The file is missing or can't be read").waitFor();
  await photo(page, "").getByRole("heading", { name: "File" }).waitFor();
  assert.equal(await page.getByRole("link", { name: "Download" }).count(), 0);
  await close();
});

test("a photo that is removed while it is open says so once it is marked", async () => {
  const { page, context, close } = await open(browser, server, "/?q=cat", { mayFail: true });
  await tile(page, "chelsea.png").getByRole("link").click();
  await photo(page, "chelsea.png").getByRole("heading", { name: "What Magpie recognised" }).waitFor();
  const error = { code: "not_found", message: "no photo '6e0a': give ids of the library" };
  const gone = (route) => route.fulfill({ status: 404, json: { error } });
  await context.route("**/api/feedback", gone);
  await context.route(/\/api\/photos\/\w+$/, gone);
  await page.keyboard.press("g");
  await page.getByRole("heading", { name: "This photo is gone" }).waitFor();
  assert.equal(await page.getByText("6e0a").count(), 0);
  const open_ = photo(page, "chelsea.png");
  assert.equal(await open_.getByRole("button", { name: /^Match for/ }).count(), 0);
  await page.getByRole("link", { name: "Back to the photos" }).click();
  await page.waitForURL("**/?q=cat");
  await close();
});

test("a photo that is not there says so, and leads back", async () => {
  const { page, close } = await open(browser, server, "/photo/00ff?q=cat", { mayFail: true });
  await page.getByRole("heading", { name: "This photo is gone" }).waitFor();
  await page.getByText("no longer in the library").waitFor();
  assert.equal(await page.getByRole("button", { name: "Try again" }).count(), 0);
  await page.getByRole("link", { name: "Back to the photos" }).click();
  await assertFirst(page, "chelsea.png");
  await close();
});

test("how a photo was taken is shown as far as its file tells", async () => {
  const { page, context, close } = await open(browser, server, "/?q=cat");
  const told = { seconds: 0.004, f_number: 2.8, iso: 400, focal_length: 35, focal_length_35mm: null, lens: null };
  await context.route("**/api/photos/*/exif", (route) => route.fulfill({ json: told }));
  await tile(page, "chelsea.png").getByRole("link").click();
  const photo = page.getByRole("main", { name: "Photo" });
  await photo.getByText("1/250 s").waitFor();
  assert.deepEqual(await photo.getByRole("term").allTextContents(), ["Exposure", "Aperture", "ISO", "Focal length"]);
  await close();
});
