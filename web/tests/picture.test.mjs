import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { assertBest, connect, hand, open, searchFor, shown } from "./browser.mjs";
import { PHOTOS, shared } from "./server.mjs";

const FLOWER = join(PHOTOS, "flower.jpg");

const browser = await connect();
const server = await shared("reading");

const chip = (page) => page.getByAltText("Picture you search with");

for (const kind of ["drop", "paste"]) {
  test(`${kind} a picture anywhere: photos like it are found`, async () => {
    const { page, close } = await open(browser, server);
    await hand(page, kind, FLOWER);
    await page.waitForURL("**/?like=*");
    assert.equal((await shown(page))[0], "flower.jpg");
    await chip(page).waitFor();
    await close();
  });
}

test("the camera button picks one; words join it, and each can be taken away", async () => {
  const { page, close } = await open(browser, server, "/?q=cat");
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Search with a picture" }).click();
  await (await chooser).setFiles(FLOWER);
  await page.waitForURL((address) => address.searchParams.has("like"));
  assert.equal(new URL(page.url()).searchParams.get("q"), "cat");
  await assertBest(page, ["chelsea.png", "flower.jpg"]);

  await searchFor(page, "rocket");
  await page.waitForURL((address) => address.searchParams.get("q") === "rocket");
  await chip(page).waitFor();
  await page.getByRole("button", { name: "Remove picture" }).click();
  await page.waitForURL((address) => !address.searchParams.has("like"));
  await page.waitForFunction(() => document.images[0].alt === "rocket.jpg");
  await close();
});

test("the address of a search by picture can be loaded again", async () => {
  const { page, close } = await open(browser, server);
  await hand(page, "drop", FLOWER);
  await page.waitForURL("**/?like=*");
  const before = await shown(page);
  await page.reload();
  assert.deepEqual(await shown(page), before);
  await close();
});

test("a picture that the server forgot is asked for again", async () => {
  const { page, close } = await open(browser, server, "/?q=cat&like=00ff", { mayFail: true });
  await page.getByRole("heading", { name: "This picture is no longer available" }).waitFor();
  await page.getByRole("link", { name: "Search without it" }).click();
  assert.equal((await shown(page))[0], "chelsea.png");
  await close();
});

test("a picture that is too large is refused in words", async () => {
  const { page, close } = await open(browser, server, "/", { mayFail: true });
  await hand(page, "drop", join(PHOTOS, "astronaut.png"));
  await page.getByText("This picture is too large").waitFor();
  await close();
});
