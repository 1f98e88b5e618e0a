import assert from "node:assert/strict";
import { test } from "node:test";
import { connect, open, PHONE, shown } from "./browser.mjs";
import { shared } from "./server.mjs";
import { assertSoon, caughtUp } from "./waiting.mjs";

const browser = await connect();
const server = await shared("reading");

const titles = (page) => page.getByRole("region", { name: "Filter" }).getByRole("heading").allTextContents();

for (const [look, options] of [["desk", {}], ["phone", PHONE]])
  test(`what a search finds is counted, and filtered by a press (${look})`, async () => {
    const { page, close } = await open(browser, server, "/?q=artifact", options);
    await shown(page);
    const button = page.getByRole("button", { name: "Filter" });
    assert.equal(await button.getAttribute("aria-expanded"), "false");
    await button.click();
    const format = page.getByRole("link", { name: /^JPEG: \d+ photos$/ });
    await format.waitFor();
    assert.ok((await titles(page)).includes("Format"));
    const count = Number(/\d+/.exec(await format.getAttribute("aria-label"))[0]);
    const counted = page.waitForResponse("**/api/facets?*");
    await format.click();
    await page.getByText("format:jpeg: format jpeg").waitFor();
    await page.waitForURL((url) => url.searchParams.get("q") === "artifact format:jpeg");
    await assertSoon(page, () => page.locator("main li[data-id]").count(), count);
    await counted;
    await caughtUp(page);
    assert.equal(await format.count(), 0, "what all photos share narrows nothing down");
    await page.goBack();
    await format.waitFor();
    await close();
  });

test("counts that are not available are asked for again by a press", async () => {
  const { page, context, close } = await open(browser, server, "/?q=artifact", { mayFail: true });
  await shown(page);
  let isAway = true;
  await context.route("**/api/facets?*", (route) => (isAway ? route.abort() : route.continue()));
  await page.getByRole("button", { name: "Filter" }).click();
  await page.getByText("The photos could not be counted.").waitFor();
  isAway = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("link", { name: /^JPEG: / }).waitFor();
  await close();
});
