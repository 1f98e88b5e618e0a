import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { hand, launch, open, searchFor, shown, tile } from "./browser.mjs";
import { LIBRARY, PHOTOS, serve } from "./server.mjs";

let browser, server;
before(async () => {
  [browser, server] = await Promise.all([launch(), serve({ library: LIBRARY })]);
});
after(async () => {
  await browser.close();
  await server.end();
});

async function openUnknown(word) {
  const opened = await open(browser, server.url);
  await searchFor(opened.page, word);
  await opened.page.getByRole("heading", { name: `I do not know ${word} yet` }).waitFor();
  return opened;
}

/** A word was learned from a picture of coffee: its photo is the first, and the page says why. */
async function assertCoffee(page, word) {
  await page.getByText(`Learned ${word} from 1`).waitFor();
  await page.getByRole("region", { name: "Learning" }).getByText("1 good").waitFor();
  await page.getByText(/taught: 1 good/).waitFor();
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

test("pick a picture of an unfamiliar word: it is learned, and undo unlearns it", async () => {
  const { page, close } = await openUnknown("zorpicklax");
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Show me one" }).click();
  await (await chooser).setFiles(join(PHOTOS, "coffee.png"));
  await assertCoffee(page, "zorpicklax");
  await page.keyboard.press("u");
  await page.getByRole("heading", { name: "I do not know zorpicklax yet" }).waitFor();
  await close();
});

test("find one among random photos: a click teaches", async () => {
  const { page, close } = await openUnknown("zorfindlax");
  await page.getByRole("link", { name: "Find one among these" }).click();
  await tile(page, "coffee.png").getByRole("button").click();
  await assertCoffee(page, "zorfindlax");
  await close();
});

test("words that are nearly it are offered", async () => {
  const { page, close } = await openUnknown("zebrra");
  await page.getByText("Nearly it").getByRole("link").first().click();
  await page.waitForURL((address) => address.searchParams.get("q") !== "zebrra");
  await close();
});

test("what is no picture is refused in words", async () => {
  const { page, close } = await open(browser, server.url, "/", { mayFail: true });
  await hand(page, "drop", new URL(import.meta.url).pathname);
  await page.getByText("not a picture that Magpie can read").waitFor();
  await close();
});
