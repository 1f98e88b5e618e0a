/** What is typed into the bar is completed, by words and by recent searches. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { connect, open, searchFor } from "./browser.mjs";
import { shared } from "./server.mjs";
import { assertSoon, caughtUp } from "./waiting.mjs";

const browser = await connect();
const server = await shared("reading");

test("what is typed is completed, and the keys choose", async () => {
  const { page, close } = await open(browser, server);
  await page.keyboard.press("/");
  const answered = page.waitForResponse("**/api/suggest?q=rocke");
  await page.keyboard.type("rocke");
  await answered;
  await caughtUp(page); // what is listed is for all of it
  await page.getByRole("option").first().waitFor();
  await page.keyboard.press("ArrowDown");
  const chosen = await page.getByRole("option", { selected: true }).locator("span").first().textContent();
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/?q=${chosen.replaceAll(" ", "+")}`);
  await close();
});

test("completions say how many photos show them, and what finds nothing is none", async () => {
  const { page, close } = await open(browser, server);
  const answered = page.waitForResponse("**/api/suggest?q=co");
  await page.getByRole("combobox", { name: "Search" }).fill("co");
  const { suggestions, photos } = await (await answered).json();
  const wanted = suggestions.filter((words) => photos[words] !== 0);
  await assertSoon(page, () => page.getByRole("option").locator("span:first-child").allTextContents(), wanted);
  assert.ok(wanted.length < suggestions.length, "everything finds something here");
  const [first] = wanted;
  const count = photos[first] === 1 ? "1 photo" : `${photos[first]} photos`;
  await page.getByRole("option", { name: `${first} ${count}` }).waitFor();
  await close();
});

test("recent searches come first, and can be forgotten", async () => {
  const { page, close } = await open(browser, server);
  await searchFor(page, "rocket coffee");
  await searchFor(page, "cat");
  await page.goto(server);
  const bar = page.getByRole("combobox", { name: "Search" });
  const options = page.getByRole("option");
  await bar.click();
  const listed = () => options.locator("span:not(.visually-hidden)").allTextContents();
  await assertSoon(page, listed, ["cat", "rocket coffee", "Forget recent searches"]);
  await bar.fill("co");
  await assertSoon(page, () => options.first().textContent(), /^rocket coffee/);
  await options.nth(1).waitFor(); // completed
  assert.match(await options.first().textContent(), /^rocket coffee/);
  await bar.fill("");
  await page.getByRole("option", { name: "Forget recent searches" }).click();
  await page.reload();
  await bar.click();
  assert.equal(await page.evaluate(() => localStorage.getItem("searches")), null);
  assert.equal(await bar.getAttribute("aria-expanded"), "false");
  await close();
});

test("a completion that is chosen stays chosen when others come late", async () => {
  const { page, context, close } = await open(browser, server);
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await context.route("**/api/suggest?*", async (route) => {
    const isFirst = new URL(route.request().url()).searchParams.get("q") === "ca";
    if (!isFirst) await held;
    const suggestions = isFirst ? ["cat", "car"] : ["cab", "car", "cat"];
    await route.fulfill({ json: { suggestions, photos: {} } });
  });
  const bar = page.getByRole("combobox", { name: "Search" });
  const chosen = page.getByRole("option", { selected: true });
  await bar.fill("ca");
  await page.getByRole("option", { name: "cat" }).waitFor();
  await bar.fill("c");
  await page.keyboard.press("ArrowDown");
  await assertSoon(page, () => chosen.textContent(), "cat");
  release();
  await page.getByRole("option", { name: "cab" }).waitFor();
  await assertSoon(page, () => chosen.textContent(), "cat");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/?q=cat");
  await close();
});
