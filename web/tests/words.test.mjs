import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { connect, hand, open, searchFor, shown } from "./browser.mjs";
import { LIBRARY, PHOTOS, serve, shared } from "./server.mjs";

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
const undo = (page) => page.getByRole("status").getByRole("button", { name: "Undo" });

test("cards show what was learned, from what, and when", async () => {
  const { page, close } = await open(browser, server, "/words");
  const zorblax = card(page, "zorblax");
  await zorblax.getByText("1 match").waitFor();
  await zorblax.getByText("just now").or(zorblax.getByText("minute")).waitFor();
  assert.equal(await zorblax.getByAltText("Example", { exact: true }).count(), 1);
  await zorblax.getByAltText("coffee.png").waitFor();
  await zorblax.getByRole("link", { name: "zorblax", exact: true }).click();
  await page.waitForURL("**/?q=zorblax");
  assert.equal((await shown(page))[0], "coffee.png");
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

  await page.getByRole("combobox", { name: "Merge quuxly into" }).selectOption("zorblax");
  await card(page, "zorblax").getByText("2 matches").waitFor();
  await undo(page).click();
  await card(page, "quuxly").waitFor();

  await card(page, "quuxly").getByRole("button", { name: "Forget quuxly" }).click();
  await card(page, "quuxly").waitFor({ state: "detached" });
  await undo(page).click();
  await card(page, "quuxly").waitFor();
  await close();
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

  const there = await open(browser, other.url, "/words");
  await there.page.getByRole("heading", { name: "No words yet" }).waitFor();
  const chooser = there.page.waitForEvent("filechooser");
  await there.page.getByRole("button", { name: "Import words from a file" }).click();
  await (await chooser).setFiles(file);
  await card(there.page, "quuxly").waitFor();
  await there.close();
  await other.end();
});

test("the history has every event of the day, and undoes one", async () => {
  const { page, close } = await open(browser, server, "/history");
  const today = page.getByRole("region", { name: "Today" });
  const taught = today.getByRole("listitem").filter({ hasText: "Taught zorblax" });
  await taught.getByRole("button", { name: "Undo: taught zorblax" }).click();
  await taught.getByText("(undone)").waitFor();
  await today.getByText("Undid: taught zorblax").waitFor();
  await page.getByRole("link", { name: "Words" }).click();
  await card(page, "quuxly").waitFor();
  assert.equal(await card(page, "zorblax").count(), 0);
  await close();
});
