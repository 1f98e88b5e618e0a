/** Every screen in a theme, on desk or phone: no serious issue for axe, and a picture of it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { before, test } from "node:test";
import { atRest, DESKTOP, open, PHONE } from "./browser.mjs";
import { SCREENS, TAUGHT } from "./screens.mjs";
import { FROM_PAGE, PHOTOS, shared } from "./server.mjs";
import { TROUBLES } from "./troubles.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf-8");
const SCREENSHOTS = new URL("../../screenshots/", import.meta.url).pathname;

const TABLET = { viewport: { width: 820, height: 1180 }, hasTouch: true, isMobile: true, locale: "en-GB" };

const LOOKS = {
  light: { ...DESKTOP, colorScheme: "light" },
  dark: { ...DESKTOP, colorScheme: "dark" },
  phone: { ...PHONE, colorScheme: "light" },
  tablet: { ...TABLET, colorScheme: "light" },
  "tablet-dark": { ...TABLET, colorScheme: "dark" },
  "phone-dark": { ...PHONE, colorScheme: "dark" },
};

/** Serious and critical issues, as "rule: element". */
async function issues(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ["violations"] }));
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}

/** Resolves when all images have loaded and faded in. */
export async function isPainted(page) {
  await page.waitForFunction(() =>
    [...document.images].every(
      (image) => image.complete && (!image.naturalWidth || getComputedStyle(image).opacity === "1"),
    ),
  );
  await atRest(page);
}

/** Teach the word that some of the screens show; again by the same picture changes nothing. */
async function teach() {
  const form = new FormData();
  form.set("good", new Blob([readFileSync(join(PHOTOS, "coffee.png"))]), "coffee.png");
  const address = `${await shared("screens")}/api/words/${TAUGHT}/examples`;
  const answer = await fetch(address, { method: "POST", headers: FROM_PAGE, body: form });
  assert.equal(answer.status, 200, await answer.text());
}

/** Test every screen in a look; SCREENSHOTS=all asks for the further ones too, which take minutes. */
export function testScreens(browser, look, ...further) {
  before(teach);
  const isAll = process.env.SCREENSHOTS === "all";
  // What goes wrong looks the same everywhere, but for colours and widths, which the other screens test.
  const screens = isAll || look === "light" ? { ...SCREENS, ...TROUBLES } : SCREENS;
  const looks = isAll ? [look, ...further] : [look];
  for (const look of looks)
    for (const [name, [server, path, lead]] of Object.entries(screens))
      test(`${name}, ${look}`, async () => {
        const url = await shared(server);
        const { page, close } = await open(browser, url, path, { ...LOOKS[look], mayFail: true });
        await lead(page);
        await isPainted(page);
        await page.screenshot({ path: join(SCREENSHOTS, `${name}-${look}.png`) });
        assert.deepEqual(await issues(page), []);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${wide} px too wide`);
        await close();
      });
}
