import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { assertFirst, connect, hand, open, searchFor, shown, tile } from "./browser.mjs";
import { PHOTOS, shared } from "./server.mjs";

const browser = await connect();
const server = await shared("teaching");

async function openUnknown(word) {
  const opened = await open(browser, server, "/status");
  await opened.page.getByRole("heading", { name: "Status" }).waitFor(); // it tells what can be uploaded
  await searchFor(opened.page, word);
  await opened.page.getByRole("heading", { name: `I don't know ${word} yet` }).waitFor();
  return opened;
}

/** A word was learned from a picture of coffee: its photo is the first, and the page says why. */
async function assertCoffee(page, word) {
  await page.getByText(`Learned ${word} from 1`).waitFor();
  await page.getByRole("region", { name: "Learning" }).getByText("1 match").waitFor();
  await page.getByText(/taught: 1 match/).waitFor();
  await assertFirst(page, "coffee.png");
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

test("several of your photos are chosen, and teach at once", async () => {
  const { page, close } = await openUnknown("zorchooselax");
  await shown(page);
  for (const name of ["coffee.png", "rocket.jpg", "chelsea.png"])
    await tile(page, name).getByRole("button").click({ modifiers: ["Control"] });
  await tile(page, "chelsea.png").getByRole("button").click(); // no longer
  const bar = page.getByRole("region", { name: "Chosen photos" });
  await bar.getByText("2 photos chosen").waitFor();
  await bar.getByRole("button", { name: "Teach zorchooselax" }).click();
  await page.getByText("Learned zorchooselax from 2 photos").waitFor();
  await page.getByText(/taught: 2 matches/).waitFor();
  await close();
});

test("photos stay chosen while they teach, and where that fails", async () => {
  const { page, context, close } = await open(browser, server, "/?q=zorkeeplax", { mayFail: true });
  await shown(page);
  for (const name of ["coffee.png", "rocket.jpg"])
    await tile(page, name).getByRole("button").click({ modifiers: ["Control"] });
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await context.route("**/api/words/zorkeeplax/examples", async (route) => {
    await held;
    await route.fulfill({ status: 500, json: { error: { code: "internal", message: "" } } });
  });
  const bar = page.getByRole("region", { name: "Chosen photos" });
  const teach = bar.getByRole("button", { name: "Teach zorkeeplax" });
  await teach.click();
  await bar.getByRole("button", { name: "Teach zorkeeplax", disabled: true }).waitFor();
  release();
  await page.locator("[role=status] [data-error]").waitFor();
  await bar.getByText("2 photos chosen").waitFor();
  await context.unroute("**/api/words/zorkeeplax/examples");
  await teach.click();
  await page.getByText("Learned zorkeeplax from 2 photos").waitFor();
  await bar.waitFor({ state: "detached" });
  await close();
});

test("several pictures teach an unfamiliar word at once", async () => {
  const { page, close } = await openUnknown("zormanylax");
  await hand(page, "drop", join(PHOTOS, "coffee.png"), join(PHOTOS, "rocket.jpg"));
  await page.getByText("Learned zormanylax from 2 pictures").waitFor();
  await page.getByText(/taught: 2 matches/).waitFor();
  await close();
});

test("more pictures than teach a word at once are refused in words, and not sent first", async () => {
  const { page, close } = await openUnknown("zorcrowdlax");
  const sent = [];
  page.on("request", (request) => request.method() === "POST" && sent.push(request.url()));
  await hand(page, "drop", ...Array(21).fill(join(PHOTOS, "coffee.png")));
  await page.getByText("At most 20 pictures teach a word at once.").waitFor();
  assert.deepEqual(sent, []);
  await hand(page, "drop", ...Array(20).fill(join(PHOTOS, "coffee.png")));
  await page.getByText("Learned zorcrowdlax from 20 pictures").waitFor();
  await close();
});

test("results that are a guess say so, and the word can be taught with a picture", async () => {
  const { page, close } = await open(browser, server, "/?q=kitchen");
  await page.getByText("No label means kitchen; these photos are related.").waitFor();
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Teach kitchen with a picture" }).click();
  await (await chooser).setFiles(join(PHOTOS, "coffee.png"));
  await assertCoffee(page, "kitchen");
  assert.equal(await page.getByText("these photos are related").count(), 0);
  await page.keyboard.press("u");
  await page.getByText("No label means kitchen").waitFor();
  await close();
});

test("what will be kept of several words is said at once, and a part can be taught alone", async () => {
  const { page, close } = await open(browser, server, "/?q=my+zorred+zorthing");
  await page.getByRole("heading", { name: "I don't know zorred zorthing yet" }).waitFor();
  await page.getByText("It will be kept as zorred zorthing.").waitFor();
  await page.getByRole("link", { name: "zorthing", exact: true }).click();
  await page.getByRole("heading", { name: "I don't know zorthing yet" }).waitFor();
  assert.equal(await page.getByText("It will be kept").count(), 0);
  await close();
});

test("a guess among other words can be taught alone", async () => {
  const { page, close } = await open(browser, server, "/?q=kitchen+rocket");
  await page.getByText("No label means kitchen; these photos are related.").waitFor();
  await page.getByRole("link", { name: "kitchen", exact: true }).click();
  await page.getByRole("button", { name: "Teach kitchen with a picture" }).waitFor();
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
