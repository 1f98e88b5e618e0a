import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { connect, hand, open, searchFor, shown, tile } from "./browser.mjs";
import { PHOTOS, shared } from "./server.mjs";

const browser = await connect();
const server = await shared("teaching");

async function openUnknown(word) {
  const opened = await open(browser, server);
  await searchFor(opened.page, word);
  await opened.page.getByRole("heading", { name: `I don't know ${word} yet` }).waitFor();
  return opened;
}

/** A word was learned from a picture of coffee: its photo is the first, and the page says why. */
async function assertCoffee(page, word) {
  await page.getByText(`Learned ${word} from 1`).waitFor();
  await page.getByRole("region", { name: "Learning" }).getByText("1 match").waitFor();
  await page.getByText(/taught: 1 match/).waitFor();
  assert.equal((await shown(page))[0], "coffee.png");
}

for (const kind of ["drop", "paste"]) {
  test(`${kind} a picture of an unfamiliar word: it is learned`, async () => {
    const { page, close } = await openUnknown(`zor${kind}lax`);
    await hand(page, kind, join(PHOTOS, "coffee.png"));
    await assertCoffee(page, `zor${kind}lax`);
    await close();
  });
}

test("choose a picture of an unfamiliar word: it is learned, and undo unlearns it", async () => {
  const { page, close } = await openUnknown("zorpicklax");
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Show me one" }).click();
  await (await chooser).setFiles(join(PHOTOS, "coffee.png"));
  await assertCoffee(page, "zorpicklax");
  await page.keyboard.press("u");
  await page.getByRole("heading", { name: "I don't know zorpicklax yet" }).waitFor();
  await close();
});

test("pick one of your photos: a click teaches", async () => {
  const { page, close } = await openUnknown("zorfindlax");
  await page.getByRole("link", { name: "Pick one of your photos" }).click();
  await tile(page, "coffee.png").getByRole("button").click();
  await assertCoffee(page, "zorfindlax");
  await close();
});

test("words that are spelled alike are offered", async () => {
  const { page, close } = await openUnknown("zebrra");
  await page.getByText("Did you mean").getByRole("link").first().click();
  await page.waitForURL((address) => address.searchParams.get("q") !== "zebrra");
  await close();
});

test("a file that is not a picture is refused in words", async () => {
  const { page, close } = await open(browser, server, "/", { mayFail: true });
  await hand(page, "drop", new URL(import.meta.url).pathname);
  await page.getByText("can't read this file").waitFor();
  await close();
});
