import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { assertFirst, connect, hand, open, searchFor, shown } from "./browser.mjs";
import { FROM_PAGE, LIBRARY, PHOTOS, serve, shared } from "./server.mjs";
import { assertSoon, caughtUp } from "./waiting.mjs";

const browser = await connect();
const server = await shared("teaching");
before(async () => {
  const { page, close } = await open(browser, server);
  for (const [word, photo] of [["zorblax", "coffee.png"], ["quuxly", "rocket.jpg"]]) {
    await searchFor(page, word);
    await page.getByRole("heading", { name: `I don't know ${word} yet` }).waitFor();
    await hand(page, "drop", join(PHOTOS, photo));
    await page.getByText(`Learned ${word}`).waitFor();
    await shown(page);
  }
  await close();
});

const card = (page, word) =>
  page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: word, exact: true }) });
const merge = (page, word) => card(page, word).getByRole("button", { name: `Merge ${word}` });
const undo = (page) => page.getByRole("status").getByRole("button", { name: "Undo" });

/** A word that is learned from a photo of the library. */
async function teachOne(word) {
  const [{ id }] = (await (await fetch(`${server}/api/photos/random?limit=1`)).json()).hits;
  const headers = { ...FROM_PAGE, "Content-Type": "application/json" };
  const body = JSON.stringify({ good: [id], bad: [] });
  await fetch(`${server}/api/words/${word}/examples`, { method: "POST", headers, body });
}

test("cards show what was learned, from what, and when", async () => {
  const { page, close } = await open(browser, server, "/words");
  const zorblax = card(page, "zorblax");
  await zorblax.getByText("1 match").waitFor();
  await zorblax.getByText("just now").or(zorblax.getByText("minute")).waitFor();
  await assertSoon(page, () => zorblax.getByAltText("Example", { exact: true }).count(), 1);
  await zorblax.getByAltText("coffee.png").waitFor();
  await zorblax.getByRole("link", { name: "zorblax", exact: true }).click();
  await page.waitForURL("**/?q=zorblax");
  await assertFirst(page, "coffee.png");
  await close();
});

test("a word is renamed, merged and forgotten, each with undo", async () => {
  const { page, close } = await open(browser, server, "/words");
  await card(page, "zorblax").getByRole("button", { name: "Rename zorblax" }).click();
  await page.getByRole("textbox", { name: "New name for zorblax" }).fill("mug");
  await page.keyboard.press("Enter");
  await card(page, "mug").waitFor();
  await undo(page).click();
  await card(page, "zorblax").waitFor();

  await merge(page, "quuxly").click();
  const dialog = page.getByRole("dialog", { name: "Merge quuxly" });
  await dialog.getByRole("combobox", { name: "into" }).selectOption("zorblax");
  await dialog.getByText("zorblax will also have what quuxly has: 1 match, 0 wrong.").waitFor();
  await dialog.getByRole("button", { name: "Merge" }).click();
  await card(page, "zorblax").getByText("2 matches").waitFor();
  await undo(page).click();
  await card(page, "quuxly").waitFor();

  await card(page, "quuxly").getByRole("button", { name: "Forget quuxly" }).click();
  await card(page, "quuxly").waitFor({ state: "detached" });
  await undo(page).click();
  await card(page, "quuxly").waitFor();
  await close();
});

test("words are merged only by a dialog, which can be left", async () => {
  const { page, close } = await open(browser, server, "/words");
  const changes = [];
  page.on("request", (request) => request.method() === "PATCH" && changes.push(request.url()));
  await merge(page, "quuxly").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Merge quuxly" });
  await dialog.waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await caughtUp(page);
  assert.deepEqual(changes, []);
  await card(page, "quuxly").waitFor();
  await close();
});

test("what another tab teaches is there without loading the page again", async () => {
  const { page, context, close } = await open(browser, server, "/words");
  await card(page, "quuxly").waitFor();
  const other = await context.newPage();
  await other.goto(server);
  await searchFor(other, "zortablax");
  await other.getByRole("heading", { name: "I don't know zortablax yet" }).waitFor();
  await hand(other, "drop", join(process.env.PAGE_DETAILS, "chelsea_00.jpg"));
  await other.getByText("Learned zortablax").waitFor();
  await card(page, "zortablax").getByText("uploaded").waitFor({ state: "attached" });
  await card(page, "zortablax").getByRole("button", { name: "Forget zortablax" }).click();
  await other.getByRole("heading", { name: "I don't know zortablax yet" }).waitFor();
  await close();
});

test("a double click forgets once", async () => {
  const { page, context, close } = await open(browser, server, "/words");
  let forgotten = 0;
  await context.route("**/api/words/quuxly", (route) => {
    forgotten++;
    return route.continue(); // by the browser, with the sign that it comes from the page
  });
  await card(page, "quuxly").getByRole("button", { name: "Forget quuxly" }).dblclick();
  await card(page, "quuxly").waitFor({ state: "detached" });
  await undo(page).click();
  await card(page, "quuxly").waitFor();
  assert.equal(forgotten, 1);
  await close();
});

test("refusals are told in the page's own words", async () => {
  const { page, close } = await open(browser, server, "/words", { mayFail: true });
  await card(page, "quuxly").getByRole("button", { name: "Rename quuxly" }).click();
  await page.getByRole("textbox", { name: "New name for quuxly" }).fill("zorblax");
  await page.keyboard.press("Enter");
  await page.getByText("There is a word zorblax already.").waitFor();
  await page.getByRole("status").getByRole("button", { name: "Merge into it" }).click();
  await card(page, "quuxly").waitFor({ state: "detached" });
  await undo(page).click();
  await card(page, "quuxly").waitFor();
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Import words from a file" }).click();
  await (await chooser).setFiles(new URL(import.meta.url).pathname);
  await page.getByText("This is not a file that Magpie exported").waitFor();
  await close();
});

test("examples are turned and taken away, each with undo", async () => {
  await teachOne("zorturnlax");
  const { page, close } = await open(browser, server, "/words");
  const turned = card(page, "zorturnlax");
  await turned.getByRole("button", { name: "Edit examples of zorturnlax" }).click();
  await turned.getByRole("button", { name: "Not a match for zorturnlax" }).click();
  await turned.getByText("0 matches").waitFor();
  await turned.getByAltText("Counterexample", { exact: true }).waitFor();
  await undo(page).click();
  await turned.getByText("1 match").waitFor();
  await turned.getByRole("button", { name: "Remove this example" }).click();
  await turned.waitFor({ state: "detached" });
  await page.getByText("Removed an example of zorturnlax").waitFor();
  await undo(page).click();
  await turned.getByText("1 match").waitFor();
  await close();
});

test("an uploaded example that was taken away can be given back", async () => {
  const { page, close } = await open(browser, server);
  await searchFor(page, "zoruplax");
  await page.getByRole("heading", { name: "I don't know zoruplax yet" }).waitFor();
  await hand(page, "drop", join(process.env.PAGE_DETAILS, "chelsea_01.jpg"));
  await page.getByText("Learned zoruplax").waitFor();
  await page.goto(`${server}/words`);
  const zoruplax = card(page, "zoruplax");
  await zoruplax.getByRole("button", { name: "Edit examples of zoruplax" }).click();
  await zoruplax.getByText("uploaded").waitFor({ state: "attached" });
  await zoruplax.getByRole("button", { name: "Remove this example" }).click();
  await zoruplax.waitFor({ state: "detached" });
  await undo(page).click();
  await zoruplax.getByText("uploaded").waitFor({ state: "attached" });
  await close();
});

test("words and the history are filtered by a part of the word", async () => {
  for (const word of ["filterone", "filtertwo", "filterthree"]) await teachOne(word);
  const { page, close } = await open(browser, server, "/words");
  await card(page, "quuxly").waitFor();
  await page.getByRole("searchbox", { name: "Filter by word" }).fill("Filtert");
  await card(page, "quuxly").waitFor({ state: "detached" });
  await assertSoon(page, () => page.getByRole("button", { name: /^Forget / }).count(), 2);
  await page.getByRole("searchbox").fill("zzz");
  await page.getByText("Nothing with “zzz”").waitFor();

  await page.getByRole("link", { name: "History" }).click();
  await page.getByText("Taught quuxly").waitFor();
  await page.getByRole("searchbox", { name: "Filter by word" }).fill("filterone");
  await page.getByText("Taught quuxly").waitFor({ state: "detached" });
  await page.getByText("Taught filterone").waitFor();
  await close();
});

test("buttons stay on their cards however long a word is", async () => {
  const [{ id }] = (await (await fetch(`${server}/api/photos/random?limit=1`)).json()).hits;
  const long = "donaudampfschifffahrtsgesellschaftskapitaensmuetze";
  const examples = `${server}/api/words/${long}/examples`;
  const headers = { ...FROM_PAGE, "Content-Type": "application/json" };
  await fetch(examples, { method: "POST", headers, body: JSON.stringify({ good: [id], bad: [] }) });
  for (const width of [320, 390, 768, 1280]) {
    const viewport = { width, height: 800 };
    const { page, close } = await open(browser, server, "/words", { viewport });
    for (const word of ["quuxly", long]) {
      const { x, width: wide } = await card(page, word).boundingBox();
      for (const button of await card(page, word).getByRole("button").all()) {
        const box = await button.boundingBox();
        assert.ok(box.x >= x && box.x + box.width <= x + wide, `${word} at ${width} px`);
      }
    }
    await close();
  }
});

test("what was taught is exported, and imported elsewhere", async () => {
  const other = await serve({ library: LIBRARY });
  const { page, close } = await open(browser, server, "/words");
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export" }).click();
  const file = join(other.store.folder, "taught.jsonl");
  await (await download).saveAs(file);
  assert.ok(readFileSync(file).includes("zorblax"));
  await close();

  const there = await open(browser, other.url, "/words", { mayFail: true });
  await there.page.getByRole("heading", { name: "No words yet" }).waitFor();
  const chooser = there.page.waitForEvent("filechooser");
  await there.page.getByRole("button", { name: "Import words from a file" }).click();
  await (await chooser).setFiles(file);
  await card(there.page, "quuxly").waitFor();
  await there.page.getByText(/^Imported \d+ changes to \d+ words$/).waitFor();
  await there.context.route(
    "**/api/feedback/undo",
    (route) => route.fulfill({ status: 500, json: { error: { code: "internal", message: "" } } }),
    { times: 1 },
  );
  await undo(there.page).click();
  await there.page.locator("[role=status] [data-error]").waitFor();
  await undo(there.page).click(); // once more
  await there.page.getByText("Import undone").waitFor();
  await there.page.getByRole("heading", { name: "No words yet" }).waitFor();
  await there.close();
  await other.end();
});

test("the history has every event of the day, and undoes one", async () => {
  const { page, close } = await open(browser, server, "/history");
  const entry = page.getByRole("region", { name: /^(Today|Yesterday)$/ }).getByRole("listitem"); // it may be midnight
  const taught = entry.filter({ hasText: "Taught zorblax" });
  await taught.first().waitFor();
  const own = entry.filter({ hasText: "zorblax" }); // other files teach other words meanwhile
  const entries = await own.count();
  await taught.getByRole("button", { name: "Undo: taught zorblax" }).click();
  await taught.getByText(/undone \d\d:\d\d/).waitFor();
  await caughtUp(page);
  assert.equal(await own.count(), entries); // told in its own entry
  await taught.getByRole("button", { name: "Redo: taught zorblax" }).click();
  await taught.first().getByRole("button", { name: "Undo: taught zorblax" }).click();
  await taught.getByText(/undone/).nth(1).waitFor();
  await page.getByRole("link", { name: "Words" }).click();
  await card(page, "quuxly").waitFor();
  await assertSoon(page, () => card(page, "zorblax").count(), 0);
  await close();
});
