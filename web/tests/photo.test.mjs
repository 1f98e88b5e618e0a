import assert from "node:assert/strict";
import { test } from "node:test";
import { connect, open, shown, tile } from "./browser.mjs";
import { shared } from "./server.mjs";

const browser = await connect();
const server = await shared("reading");

const photo = (page, name) => page.getByRole("main", { name: `Photo ${name}` });

test("a photo shows what was recognised, and why it was found", async () => {
  const { page, close } = await open(browser, server, "/?q=cat");
  await tile(page, "chelsea.png").getByRole("link").click();
  const open_ = photo(page, "chelsea.png");
  await open_.getByRole("heading", { name: "What Magpie recognised" }).waitFor();
  await open_.getByText("451 × 300 pixels").waitFor();
  await open_.getByText("/chelsea.png").waitFor();
  const scores = await open_.locator("td").allTextContents();
  const numbers = scores.map((text) => Number(text.replace("− ", "-")));
  const sum = numbers.slice(0, -1).reduce((total, part) => total + part, 0);
  assert.ok(Math.abs(sum - numbers.at(-1)) < 0.001 * numbers.length, scores.join(" "));
  await close();
});

test("left and right walk through the results, Escape goes back", async () => {
  const { page, close } = await open(browser, server, "/?q=cat+rocket");
  const names = await shown(page);
  await tile(page, names[0]).getByRole("link").click();
  await photo(page, names[0]).waitFor();
  await page.keyboard.press("ArrowRight");
  await photo(page, names[1]).waitFor();
  await page.getByRole("button", { name: "Next" }).click();
  await photo(page, names[2]).waitFor();
  await page.keyboard.press("ArrowLeft");
  await photo(page, names[1]).waitFor();
  await page.keyboard.press("Escape");
  await page.waitForURL("**/?q=cat+rocket");
  assert.deepEqual(await shown(page), names);
  await close();
});

test("similar photos open one from another, and Escape leaves them all", async () => {
  const { page, close } = await open(browser, server, "/?q=cat");
  await tile(page, "chelsea.png").getByRole("link").click();
  const strip = page.getByRole("region", { name: "Similar photos" });
  const next = await strip.getByRole("img").first().getAttribute("alt");
  await strip.getByRole("link").nth(1).click();
  await photo(page, next).waitFor();
  await page.keyboard.press("Escape");
  await page.waitForURL("**/?q=cat");
  await close();
});

test("a photo's address can be sent; Back leads to the search it came from", async () => {
  const { page, close } = await open(browser, server, "/?q=cat");
  await tile(page, "chelsea.png").getByRole("link").click();
  await photo(page, "chelsea.png").waitFor();
  const other = await open(browser, server, page.url().replace(server, ""));
  await photo(other.page, "chelsea.png").waitFor();
  await other.page.getByRole("button", { name: "Back" }).click();
  await other.page.waitForURL("**/?q=cat");
  await other.close();
  await close();
});

test("the original can be saved, and its path copied", async () => {
  const { page, context, close } = await open(browser, server, "/?q=cat");
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await tile(page, "chelsea.png").getByRole("link").click();
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download" }).click();
  assert.equal((await download).suggestedFilename(), "chelsea.png");
  await page.getByRole("button", { name: /^Copy/ }).click();
  await page.getByText("Path copied").waitFor();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /chelsea\.png$/);
  await close();
});

test("a photo that is not there says so", async () => {
  const { page, close } = await open(browser, server, "/photo/00ff", { mayFail: true });
  await page.getByRole("heading", { name: "Something went wrong" }).waitFor();
  await close();
});
