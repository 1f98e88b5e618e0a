/** Several photos at once: chosen by Ctrl, Shift, long press and keys; marked, copied, downloaded. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertShown, connect, open, PHONE, rankedAgain, shown, tile } from "./browser.mjs";
import { shared } from "./server.mjs";
import { noteCopies } from "./waiting.mjs";

const browser = await connect();
const server = await shared("teaching");

const bar = (page) => page.getByRole("region", { name: "Chosen photos" });
const link = (page, name) => tile(page, name).getByRole("link");

test("Ctrl and Shift with a click choose, and one undo takes back what all were marked as", async () => {
  const { page, close } = await open(browser, server, "/?q=artifact");
  const names = await shown(page);
  await link(page, names[1]).click({ modifiers: ["Control"] });
  await bar(page).getByText("1 photo chosen").waitFor();
  await link(page, names[3]).click({ modifiers: ["Shift"] });
  await bar(page).getByText("3 photos chosen").waitFor();
  await link(page, names[2]).click(); // while some are chosen, a click is enough
  await bar(page).getByText("2 photos chosen").waitFor();
  const sent = page.waitForRequest("**/api/feedback");
  await rankedAgain(page, () => bar(page).getByRole("button", { name: "Match for artifact: 2 photos", exact: true }).click());
  assert.equal((await sent).postDataJSON().good.length, 2);
  await bar(page).waitFor({ state: "detached" });
  await page.getByRole("status").getByText("Marked 2 photos as artifact").waitFor();
  await page.getByRole("region", { name: "Learning" }).getByText("2 matches").waitFor();
  assert.deepEqual((await shown(page)).slice(0, 2).sort(), [names[1], names[3]].sort());
  await rankedAgain(page, () => page.keyboard.press("u"));
  await assertShown(page, names);
  await close();
});

test("keys choose too: x one, Shift with an arrow on, Escape none", async () => {
  const { page, close } = await open(browser, server, "/?q=artifact");
  await shown(page);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("x");
  await bar(page).getByText("1 photo chosen").waitFor();
  await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("Shift+ArrowRight");
  await bar(page).getByText("3 photos chosen").waitFor();
  await page.keyboard.press("Escape");
  await bar(page).waitFor({ state: "detached" });
  await close();
});

test("paths are copied and files downloaded, also from the start page", async () => {
  const { page, close } = await open(browser, server, "/");
  const copied = await noteCopies(page);
  const names = await shown(page);
  await link(page, names[0]).click({ modifiers: ["Control"] });
  await link(page, names[2]).click();
  await bar(page).getByText("2 photos chosen").waitFor();
  assert.equal(await bar(page).getByRole("button", { name: "Match" }).count(), 0); // for no word
  await bar(page).getByRole("button", { name: "Copy paths" }).click();
  await page.getByText("2 paths copied").waitFor();
  const paths = (await copied()).split("\n");
  assert.deepEqual(paths.map((path) => path.split("/").at(-1)), [names[0], names[2]]);
  const download = page.waitForEvent("download");
  await bar(page).getByRole("button", { name: "Download" }).click();
  assert.equal((await download).suggestedFilename(), "photos.zip");
  await close();
});

test("on a phone a long press chooses and does not open", async () => {
  const { page, context, close } = await open(browser, server, "/?q=artifact", PHONE);
  const [first, second] = await shown(page);
  const { x, y } = await tile(page, first).boundingBox();
  const client = await context.newCDPSession(page);
  const touch = (type, touchPoints) => client.send("Input.dispatchTouchEvent", { type, touchPoints });
  await touch("touchStart", [{ x: x + 20, y: y + 20 }]);
  await bar(page).getByText("1 photo chosen").waitFor(); // held until then
  await touch("touchEnd", []);
  await link(page, second).tap();
  await bar(page).getByText("2 photos chosen").waitFor();
  assert.equal(await page.getByRole("main", { name: "Photo" }).count(), 0);
  await bar(page).getByRole("button", { name: "Cancel" }).tap();
  await link(page, second).tap();
  await page.getByRole("main", { name: "Photo" }).waitFor();
  await close();
});
