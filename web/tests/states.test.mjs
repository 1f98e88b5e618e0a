import assert from "node:assert/strict";
import { test } from "node:test";
import { assertFirst, connect, open, shown } from "./browser.mjs";
import { heldIndex, LIBRARY, makeStore, PHOTOS, serve, shared } from "./server.mjs";
import { assertSoon, caughtUp } from "./waiting.mjs";

const browser = await connect();

test("without photos the page tells how to index, shows progress, and goes on by itself", async () => {
  const server = await serve({});
  const { page, close } = await open(browser, server.url, "/", { mayFail: true });
  await page.getByRole("heading", { name: "No photos yet" }).waitFor();
  const status = await page.request.get(`${server.url}/api/status`);
  const { index_command: command } = await status.json();
  assert.ok(command.includes(server.store.url), command);
  await page.getByText(command, { exact: true }).waitFor();
  await page.getByRole("button", { name: "Copy command" }).waitFor();
  const goOn = await heldIndex([PHOTOS, "--store", server.store.url]);
  await page.getByRole("progressbar").waitFor();
  assert.equal(await goOn(), 0);
  assert.ok((await shown(page)).length > 3);
  await close();
  await server.end();
});

test("a server with a key asks for it, refuses a wrong one, and then shows photos", async () => {
  const { page, close } = await open(browser, await shared("locked"), "/?q=cat", { mayFail: true });
  const key = page.getByLabel("Access key");
  await key.fill("guess");
  await page.keyboard.press("Enter");
  await page.getByText("Wrong key").waitFor();
  await key.fill("open sesame");
  await page.keyboard.press("Enter");
  await assertFirst(page, "chelsea.png");
  await page.waitForFunction(() => document.images[0]?.naturalWidth > 0);
  await close();
});

test("the form for the key stays as it is while it is typed, and after a wrong one", async () => {
  const { page, close } = await open(browser, await shared("locked"), "/?q=cat", { mayFail: true });
  const key = page.getByLabel("Access key");
  await page.clock.install();
  await page.reload();
  await key.and(page.locator(":focus")).waitFor();
  await page.keyboard.type("gue");
  await page.clock.fastForward(10_000);
  await page.keyboard.type("ss");
  await assertSoon(page, () => key.inputValue(), "guess");
  await page.keyboard.press("Enter");
  await page.getByText("Wrong key").waitFor();
  await page.clock.fastForward(10_000);
  await caughtUp(page);
  assert.equal(await page.getByText("Wrong key").count(), 1);
  await page.getByRole("button", { name: "Show key" }).click();
  await assertSoon(page, () => key.getAttribute("type"), "text");
  await close();
});

test("an address that leads nowhere says so, and how to go on", async () => {
  const { page, close } = await open(browser, await shared("reading"), "/nothing/here", { mayFail: true });
  await page.getByRole("heading", { name: "There is no page here" }).waitFor();
  await page.getByRole("combobox", { name: "Search" }).fill("cat");
  await page.keyboard.press("Enter");
  await assertFirst(page, "chelsea.png");
  await close();
});

test("a server that goes away is missed, and found again", async () => {
  const store = makeStore(LIBRARY);
  const server = await serve({ store });
  const { page, close } = await open(browser, server.url, "/?q=cat", { mayFail: true });
  await shown(page);
  await server.stop();
  await page.getByRole("combobox", { name: "Search" }).fill("rocket");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Can't reach Magpie" }).waitFor();
  const again = await serve({ store, port: Number(new URL(server.url).port) });
  await assertFirst(page, "rocket.jpg");
  await close();
  await again.end();
});

test("a store that is away is named, with what the server says", async () => {
  const server = await serve({ store: { folder: "", url: "http://127.0.0.1:9/photos" } });
  const { page, close } = await open(browser, server.url, "/?q=cat", { mayFail: true });
  await page.getByRole("heading", { name: "Can't reach the photo store" }).waitFor();
  await page.getByText("127.0.0.1:9").waitFor();
  await close();
  await server.stop();
});
