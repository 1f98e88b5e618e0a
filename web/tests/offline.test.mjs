import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assertFirst, connect, open, shown } from "./browser.mjs";
import { LIBRARY, PHOTOS, serve, shared } from "./server.mjs";

const browser = await connect();
const INSTALLED = { serviceWorkers: "allow", mayFail: true };

/** Resolves when the page is kept, and its worker takes requests. */
async function isKept(page) {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.waitForFunction(() => navigator.serviceWorker.controller);
  assert.ok(await page.evaluate(() => caches.match("/", { cacheName: "magpie-page" }).then(Boolean)));
}

test("the page opens while the server is away, and goes on when it is back", async () => {
  let server = await serve({ library: LIBRARY });
  const { page, close } = await open(browser, server.url, "/?q=coffee", INSTALLED);
  await shown(page);
  await isKept(page);
  await server.stop();
  await page.reload();
  await page.getByRole("heading", { name: "Can't reach Magpie" }).waitFor();
  for (const path of ["/photos", "/status", "/?q=coffee"]) {
    await page.goto(server.url + path);
    await page.getByRole("heading", { name: "Can't reach Magpie" }).waitFor();
  }
  const { store } = server;
  server = await serve({ store, port: Number(new URL(server.url).port) });
  await assertFirst(page, "coffee.png");
  await close();
  await server.end();
});

test("no photo and no answer is kept", async () => {
  const { page, close } = await open(browser, await shared("reading"), "/?q=coffee", INSTALLED);
  await shown(page);
  await isKept(page);
  await page.reload();
  await shown(page);
  await page.waitForFunction(() => [...document.images].every((image) => image.complete));
  const kept = await page.evaluate(async () => {
    const caches_ = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
    const requests = await Promise.all(caches_.map((cache) => cache.keys()));
    return requests.flat().map(({ url }) => new URL(url).pathname);
  });
  assert.ok(kept.length > 1);
  assert.deepEqual(kept.filter((path) => path !== "/" && !path.startsWith("/assets/")), []);
  await close();
});

test("a picture that another program shares is searched by", async () => {
  const { page, close } = await open(browser, await shared("reading"), "/", INSTALLED);
  await isKept(page);
  const { share_target } = await (await page.request.get(`${new URL(page.url()).origin}/manifest.webmanifest`)).json();
  const data = readFileSync(join(PHOTOS, "coffee.png")).toString("base64");
  await page.evaluate(
    ({ target, data }) => {
      const form = document.createElement("form");
      Object.assign(form, { method: target.method, action: target.action, enctype: target.enctype });
      const input = document.createElement("input");
      Object.assign(input, { type: "file", name: target.params.files[0].name });
      const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], "Büro.png", { type: "image/png" }));
      input.files = transfer.files;
      form.append(input);
      document.body.append(form);
      form.submit();
    },
    { target: share_target, data },
  );
  await page.waitForURL("**/?like=*");
  await assertFirst(page, "coffee.png");
  await page.goBack();
  await page.getByPlaceholder("Search your photos").waitFor();
  await close();
});
