import assert from "node:assert/strict";
import { copyFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { connect, open, shown } from "./browser.mjs";
import { heldIndex, LIBRARY, makeStore, serve, shared } from "./server.mjs";
import { assertSoon, noteCopies } from "./waiting.mjs";

const browser = await connect();

test("the status names what was left out, what could not be read, and the command of this store", async () => {
  const server = await shared("furnished");
  const { page, close } = await open(browser, server, "/");
  await page.getByRole("link", { name: "Status" }).click();
  await page.waitForURL("**/status");
  const status = await (await page.request.get(`${server}/api/status`)).json();
  await page.getByText(`${status.photos} photos in ${status.files} files`).waitFor();
  await page.getByText("1 file could not be read").waitFor();
  await page.getByText("/pictures/torn.jpg").waitFor();
  await page.getByText("not a photo: it ends too early").waitFor();
  assert.equal(await page.getByRole("row", { name: ".mp4 280" }).count(), 1);
  await page.getByText(status.index_command, { exact: true }).waitFor();
  assert.ok(status.index_command.includes(status.store), status.index_command);
  const copied = await noteCopies(page);
  await page.getByRole("button", { name: "Copy command" }).click();
  await page.getByText("Copied the command").waitFor();
  assert.equal(await copied(), status.index_command);
  await close();
});

test("the page of the status is one before the status is known", async () => {
  const server = await shared("reading");
  const { page, context, close } = await open(browser, server, "/words");
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await context.route("**/api/status", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(`${server}/status`);
  await page.getByRole("link", { name: "Words" }).waitFor();
  assert.equal(await page.getByText("There is no page here").count(), 0);
  release();
  await page.getByRole("heading", { name: "Status" }).waitFor();
  await close();
});

test("the status shows how far a running index is", async () => {
  const server = await serve({ library: LIBRARY });
  const { page, close } = await open(browser, server.url, "/status");
  await page.getByRole("heading", { name: "Status" }).waitFor();
  const more = makeStore().folder;
  for (const name of readdirSync(process.env.PAGE_DETAILS).slice(0, 4))
    copyFileSync(join(process.env.PAGE_DETAILS, name), join(more, name));
  const goOn = await heldIndex([more, "--store", server.store.url]);
  await page.getByText(/^Reading photos: \d+ of \d+/).waitFor();
  assert.equal(await page.getByRole("progressbar").count(), 1);
  assert.equal(await goOn(), 0);
  await page.getByRole("progressbar").waitFor({ state: "detached" });
  await close();
  await server.end();
  rmSync(more, { recursive: true });
});

test("the start page has searches that find something, and the way to all photos", async () => {
  const server = await shared("reading");
  const { page, close } = await open(browser, server, "/");
  const ideas = page.getByRole("list", { name: "Searches to begin with" }).getByRole("link");
  await ideas.nth(1).waitFor();
  const names = await ideas.allTextContents();
  assert.ok(names.length >= 2 && names.length <= 4, names.join());
  assert.match(names.at(-1), /All photos/);
  await page.getByText("can be taught with a single picture").waitFor();
  await ideas.first().click();
  await shown(page);
  await page.getByText(/^[1-9]\d* likely$/).waitFor();
  await close();
});

test("from an open photo to all in its folder", async () => {
  const server = await shared("reading");
  const { page, close } = await open(browser, server, "/?q=cat");
  await shown(page);
  await page.locator("li[data-id] > a").first().click();
  await page.getByRole("link", { name: /^In the folder of \// }).click();
  await page.waitForURL((url) => (url.searchParams.get("q") ?? "").startsWith('folder:"/'));
  await page.getByText("in its path").first().waitFor();
  const status = await (await page.request.get(`${server}/api/status`)).json();
  await assertSoon(page, async () => (await shown(page)).length, status.photos);
  await close();
});
