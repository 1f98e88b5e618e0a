import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { assertFirst, connect, hand, open, rankedAgain, shown, tile } from "./browser.mjs";
import { PHOTOS, shared } from "./server.mjs";

const browser = await connect();
const server = await shared("teaching");
const GERMAN = { locale: "de-DE" };

/** Words of the page's English texts that are in none of its German ones, nor in names of labels. */
const ENGLISH =
  /\b(the|of|with|your?|this|photos?|undo|search|show|match|matches|marked|learned|words?|taken|modified|similar|back|found|file)\b/i;

/** Every text that a person sees or hears, but for file names and reasons that name files. */
async function assertGerman(page) {
  const texts = await page.evaluate(() => {
    const named = [...document.querySelectorAll("[aria-label], [title], [placeholder]")];
    const hidden = named.flatMap((one) => [one.ariaLabel, one.title, one.placeholder]);
    return [document.body.innerText, ...hidden].filter(Boolean).flatMap((text) => text.split("\n"));
  });
  assert.ok(texts.length > 10);
  assert.deepEqual(texts.filter((text) => ENGLISH.test(text) && !text.includes("/")), []);
}

test("a German browser gets every screen in German, with German numbers and dates", async () => {
  const { page, close } = await open(browser, server, "/", { ...GERMAN, mayFail: true });
  assert.equal(await page.evaluate(() => document.documentElement.lang), "de");
  await page.getByPlaceholder("Deine Fotos durchsuchen").waitFor();
  await shown(page);
  await assertGerman(page);

  await page.goto(`${server}/?q=germanblax`);
  await page.getByRole("heading", { name: "Ich kenne germanblax noch nicht." }).waitFor();
  await shown(page);
  await assertGerman(page);
  await rankedAgain(page, () => hand(page, "drop", join(PHOTOS, "coffee.png")));
  await page.getByText("germanblax aus 1 Bild gelernt").waitFor();
  await assertFirst(page, "coffee.png");
  await assertGerman(page);

  await tile(page, "rocket.jpg").hover();
  await rankedAgain(page, () =>
    tile(page, "rocket.jpg").getByRole("button", { name: "Kein Treffer für germanblax" }).click(),
  );
  await page.getByRole("region", { name: "Lernen" }).getByText("1 falsch").waitFor();
  await assertGerman(page);

  await tile(page, "coffee.png").getByRole("link").click();
  await page.getByText("Was Magpie erkannt hat").waitFor();
  await page.getByRole("region", { name: "Ähnliche Fotos" }).getByRole("img").first().waitFor();
  await page.getByText(/^Datei geändert am \d+\. \p{L}+ \d{4} um \d\d:\d\d/u).waitFor();
  await page.getByText(/^\d,\d\s%$/).first().waitFor();
  await assertGerman(page);

  for (const [path, text] of [
    ["/words", "Gegenbeispiel"],
    ["/history", /^(Heute|Gestern)$/],
    ["/nirgendwo", "Hier ist keine Seite"],
    ["/?q=cat&without=cat", "Nichts gefunden"],
  ]) {
    await page.goto(server + path);
    const place = page.getByText(text).or(page.getByAltText(text)).first();
    await place.waitFor({ state: "attached" });
    await assertGerman(page);
  }
  await page.getByRole("button", { name: "Tastenkürzel" }).click();
  await page.getByRole("dialog").getByText("Umschalt").waitFor();
  await assertGerman(page);
  await close();
});

test("filters and errors are told in German", async () => {
  const { page, close } = await open(browser, server, "/?q=cat+in%3A2019", { ...GERMAN, mayFail: true });
  await page.getByText("2019: 1. Januar 2019 bis 31. Dezember 2019").waitFor();
  await page.goto(`${server}/?like=00ff`);
  await page.getByText("Dieses Bild ist nicht mehr da").waitFor();
  await page.goto(`${server}/?q=in%3Anever`);
  await page.getByText("Danach kann Magpie nicht suchen.").waitFor();
  await close();
});

test("other browsers get English, and no German is sent to them", async () => {
  for (const locale of ["en-US", "fr-FR"]) {
    const { page, close } = await open(browser, server, "/", { locale });
    const scripts = [];
    page.on("request", (request) => scripts.push(request.url()));
    await page.reload();
    await page.getByPlaceholder("Search your photos").waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.lang), "en");
    assert.deepEqual(scripts.filter((url) => /\/de-[^/]*\.js$/.test(url)), []);
    await close();
  }
});
