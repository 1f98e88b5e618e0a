import assert from "node:assert/strict";
import { test } from "node:test";
import { connect, open, shown, tile } from "./browser.mjs";
import { testScreens } from "./looks.mjs";
import { shared } from "./server.mjs";
import { assertSoon } from "./waiting.mjs";

const browser = await connect();
const server = await shared("screens");

testScreens(browser, "light", "dark");

test("the theme is switched, and stays so", async () => {
  const { page, close } = await open(browser, server, "/words", { colorScheme: "light" });
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await ground();
  await page.getByRole("button", { name: "Switch to light theme" }).click();
  await page.getByRole("button", { name: "Switch to dark theme" }).click();
  const dark = await ground();
  assert.notEqual(dark, light);
  await page.reload();
  assert.equal(await ground(), dark);
  await close();
});

for (const [code, told] of [
  ["forbidden", "does not accept requests from this page's address"],
  ["read_only", "nothing can be taught or changed here"],
]) {
  test(`what is refused as ${code} says why`, async () => {
    const { page, context, close } = await open(browser, server, "/?q=cat", { mayFail: true });
    const names = await shown(page);
    const error = { code, message: "of no use to people" };
    await context.route("**/api/feedback", (route) => route.fulfill({ status: 403, json: { error } }));
    await tile(page, names[0]).hover();
    await tile(page, names[0]).getByRole("button", { name: "Match for cat", exact: true }).click();
    await page.getByRole("status").getByText(told).waitFor();
    await close();
  });
}

test("what is not shaped as the server takes it is told in words", async () => {
  const { page, context, close } = await open(browser, server, "/", { mayFail: true });
  const error = { code: "wrong_shape", message: "query.limit: Input should be less" };
  await context.route("**/api/search?*", (route) => route.fulfill({ status: 422, json: { error } }));
  await page.goto(`${server}/?q=cat`);
  await page.getByText("don't fit together").waitFor();
  assert.equal(await page.getByText("Input should").count(), 0);
  await close();
});

test("with the keyboard alone: search, judge, open, go back, read the history", async () => {
  const { page, close } = await open(browser, server, "/");
  await page.keyboard.press("/");
  await page.keyboard.type("coffee");
  await page.keyboard.press("Enter");
  await page.getByRole("list", { name: "Photos for coffee" }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Tab");
  await assertSoon(page, () => page.evaluate(() => document.activeElement.ariaLabel), "Match for coffee");
  await page.keyboard.press("Space");
  await page.getByRole("region", { name: "Learning" }).waitFor();
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("main", { name: "Photo" }).waitFor();
  await page.keyboard.press("Escape");
  await page.waitForURL("**/?q=coffee");
  await page.keyboard.press("u");
  await page.getByRole("region", { name: "Learning" }).waitFor({ state: "hidden" });
  await close();
});
