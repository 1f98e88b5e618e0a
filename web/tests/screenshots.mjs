/** The pictures of docs/images, written to PAGE_PICTURES; every photo in them has a free licence. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";
import { connect, open, rankedAgain, shown, tile } from "./browser.mjs";
import { isPainted } from "./looks.mjs";
import { FROM_PAGE, LIBRARY, serve } from "./server.mjs";

const browser = await connect();
const server = await serve({ library: LIBRARY });
after(() => server.end());

/** Learned word -> the photos that match it, and those that do not. */
const TAUGHT = {
  whiskers: [["chelsea.png"], []],
  treasure: [["coins.png"], ["gravel.png"]],
  pagoda: [["china.jpg"], []],
  texture: [["brick.png", "gravel.png", "grass.png"], ["retina.jpg"]],
  "coffee break": [["coffee.png"], []],
  space: [["rocket.jpg", "hubble_deep_field.jpg", "moon.png", "astronaut.png"], ["brick.png"]],
};

/** Heights end where the photos worth seeing do. */
const SIZES = { search: 616, photo: 800, teach: 640, words: 720 };

function openFor(name, path) {
  return open(browser, server.url, path, { viewport: { width: 1280, height: SIZES[name] } });
}

async function take(page, name) {
  await page.mouse.move(0, 0); // nothing is hovered
  await page.evaluate(() => scrollTo(0, 0));
  await isPainted(page);
  await page.screenshot({ path: join(process.env.PAGE_PICTURES, `${name}.png`) });
}

async function json(path, body) {
  const headers = { ...FROM_PAGE, "Content-Type": "application/json" };
  const request = body && { method: "POST", headers, body: JSON.stringify(body) };
  const answer = await fetch(server.url + path, request);
  assert.equal(answer.status, 200, path);
  return answer.json();
}

test("search.png: several words, each understood, and what they found", async () => {
  const { page, close } = await openFor("search", "/?q=cat+coffee+vehicle+flower+building");
  const names = await shown(page);
  for (const name of ["chelsea.png", "coffee.png", "motorcycle_left.png", "flower.jpg", "china.jpg"])
    assert.ok(names.slice(0, 7).includes(name), `${name} is not among ${names.slice(0, 7)}`);
  await take(page, "search");
  await close();
});

test("photo.png: a photo, what was recognised, and why it was found", async () => {
  const { page, context, close } = await openFor("photo", "/?q=cat");
  // A test's folder and the day of the run say nothing to a reader.
  await context.route(/\/api\/photos\/[0-9a-f]+$/, async (route) => {
    const response = await route.fetch();
    const photo = { ...(await response.json()), paths: ["/home/ada/Pictures/chelsea.png"] };
    await route.fulfill({ response, json: { ...photo, modified: "2024-05-03T14:05:00Z" } });
  });
  await tile(page, "chelsea.png").getByRole("link").click();
  await page.getByRole("heading", { name: "What Magpie recognised" }).waitFor();
  await page.getByRole("heading", { name: "Why this was found" }).waitFor();
  await page.getByRole("region", { name: "Similar photos" }).getByRole("img").first().waitFor();
  await take(page, "photo");
  await close();
});

test("teach.png: photos marked as matches or not, and the learning bar", async () => {
  const { page, close } = await openFor("teach", "/?q=space");
  const [matches, others] = TAUGHT.space;
  const marks = [...matches.map((name) => [name, "Match"]), ...others.map((name) => [name, "Not a match"])];
  for (const [name, verdict] of marks) {
    await tile(page, name).hover();
    const button = tile(page, name).getByRole("button", { name: `${verdict} for space`, exact: true });
    await rankedAgain(page, () => button.click());
  }
  await page.getByRole("region", { name: "Learning" }).getByText("4 matches").waitFor();
  assert.deepEqual((await shown(page)).slice(0, 4).sort(), [...matches].sort());
  await page.getByRole("button", { name: "Dismiss" }).click();
  await take(page, "teach");
  await close();
});

test("words.png: what was learned", async () => {
  const { hits } = await json("/api/photos/random?seed=1&limit=16");
  const ids = new Map(hits.map(({ id, path }) => [path.split("/").at(-1), id]));
  for (const [word, [good, bad]] of Object.entries(TAUGHT)) {
    const examples = { good: good.map((name) => ids.get(name)), bad: bad.map((name) => ids.get(name)) };
    await json(`/api/words/${encodeURIComponent(word)}/examples`, examples);
  }
  const { page, close } = await openFor("words", "/words");
  for (const word of Object.keys(TAUGHT)) await page.getByRole("heading", { name: word, exact: true }).waitFor();
  const best = page.getByRole("link", { name: "Photos of" });
  for (let n = 0; n < (await best.count()); n++) await best.nth(n).getByRole("img").nth(3).waitFor();
  await take(page, "words");
  await close();
});
