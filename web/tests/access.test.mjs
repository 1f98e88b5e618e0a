import assert from "node:assert/strict";
import { test } from "node:test";
import { connect, open } from "./browser.mjs";
import { testScreens } from "./looks.mjs";
import { shared } from "./server.mjs";

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

test("with the keyboard alone: search, judge, open, go back, read the history", async () => {
  const { page, close } = await open(browser, server, "/");
  await page.keyboard.press("/");
  await page.keyboard.type("rocket");
  await page.keyboard.press("Enter");
  await page.getByRole("list", { name: "Photos for rocket" }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Tab");
  const focused = () => page.evaluate(() => document.activeElement.ariaLabel);
  assert.equal(await focused(), "Match for rocket");
  await page.keyboard.press("Space");
  await page.getByRole("region", { name: "Learning" }).waitFor();
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("main", { name: "Photo" }).waitFor();
  await page.keyboard.press("Escape");
  await page.waitForURL("**/?q=rocket");
  await close();
});
