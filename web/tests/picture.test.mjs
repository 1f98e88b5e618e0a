import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { assertBest, assertFirst, assertShown, connect, hand, open, searchFor, shown } from "./browser.mjs";
import { PHOTOS, shared } from "./server.mjs";

const FLOWER = join(PHOTOS, "flower.jpg");

const browser = await connect();
const server = await shared("reading");

const chip = (page) => page.getByAltText("Picture you search with");

/** Open the page; what the server takes is known to it, as its status tells that. */
async function openInformed(options) {
  const opened = await open(browser, server, "/status", options);
  await opened.page.getByRole("heading", { name: "Status" }).waitFor();
  return opened;
}

for (const kind of ["drop", "paste"]) {
  test(`${kind} a picture anywhere: photos like it are found`, async () => {
    const { page, close } = await open(browser, server);
    await hand(page, kind, FLOWER);
    await page.waitForURL("**/?like=*");
    await assertFirst(page, "flower.jpg");
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
  await assertFirst(page, "rocket.jpg");
  await close();
});

test("the address of a search by picture can be loaded again", async () => {
  const { page, close } = await open(browser, server);
  await hand(page, "drop", FLOWER);
  await page.waitForURL("**/?like=*");
  await chip(page).waitFor();
  await page.getByRole("list", { name: "Similar photos" }).waitFor(); // in the place of those of the start
  const before = await shown(page);
  await page.reload();
  await assertShown(page, before);
  await close();
});

test("of several pictures one is searched with, and the page says so", async () => {
  const { page, close } = await open(browser, server);
  await hand(page, "drop", FLOWER, join(PHOTOS, "coffee.png"));
  await page.waitForURL("**/?like=*");
  await page.getByText("Only the first picture was used.").waitFor();
  await assertFirst(page, "flower.jpg");
  await close();
});

test("a picture that the server forgot is asked for again", async () => {
  const { page, close } = await open(browser, server, "/?q=cat&like=00ff", { mayFail: true });
  await page.getByRole("heading", { name: "This picture is no longer available" }).waitFor();
  await page.getByRole("link", { name: "Search without it" }).click();
  await assertFirst(page, "chelsea.png");
  await close();
});

test("what is dragged out of another page, and files that are not pictures, stay out in words", async () => {
  const { page, close } = await open(browser, server);
  await shown(page);
  const isLeft = await page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.setData("text/uri-list", "https://example.org/cat.jpg");
    const drop = new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true });
    document.body.dispatchEvent(drop);
    return !drop.defaultPrevented; // the browser would go to the address
  });
  assert.equal(isLeft, false);
  await page.getByText("Save the picture first").waitFor();
  const sent = [];
  page.on("request", (request) => request.method() === "POST" && sent.push(request.url()));
  await page.evaluate(() => {
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File(["words"], "notes.txt", { type: "text/plain" }));
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
  });
  await page.getByText("can't read this file").waitFor();
  assert.deepEqual(sent, []);
  await close();
});

test("a picture that is too large is made smaller, and sent like that", async () => {
  const { page, close } = await openInformed();
  assert.ok(statSync(join(PHOTOS, "astronaut.png")).size > 500_000);
  const sent = page.waitForRequest((request) => request.method() === "POST");
  await hand(page, "drop", join(PHOTOS, "astronaut.png"));
  assert.ok(Number(await (await sent).headerValue("content-length")) < 500_000);
  await page.waitForURL("**/?like=*");
  await assertFirst(page, "astronaut.png");
  await close();
});

test("files that no browser takes for pictures are refused before they are sent", async () => {
  const { page, close } = await open(browser, server);
  await shown(page);
  const sent = [];
  page.on("request", (request) => request.method() === "POST" && sent.push(request.url()));
  await page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    const type = "application/vnd.oasis.opendocument.text";
    dataTransfer.items.add(new File(["words"], "letter.odt", { type }));
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
  });
  await page.getByText("can't read this file").waitFor();
  assert.deepEqual(sent, []);
  await close();
});

test("a picture that is too large and cannot be made smaller is refused in words, not sent first", async () => {
  const { page, close } = await openInformed({ mayFail: true });
  const sent = [];
  page.on("request", (request) => request.method() === "POST" && sent.push(request.url()));
  const folder = mkdtempSync(join(tmpdir(), "magpie-large-"));
  writeFileSync(join(folder, "astronaut.png"), Buffer.alloc(600_000));
  await hand(page, "drop", join(folder, "astronaut.png"));
  rmSync(folder, { recursive: true });
  await page.getByText("This picture is too large: astronaut.png has more than 0.5 MB.").waitFor();
  assert.deepEqual(sent, []);
  await close();
});
