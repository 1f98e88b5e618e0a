/** What users see while the page waits, where something fails, and where nothing is there. */
import { hand, shown, tile } from "./browser.mjs";

const failure = (status, code) => ({ status, json: { error: { code, message: "" } } });
const broken = failure(500, "internal");

/** Go to an address whose requests of a kind get this answer; without one they are never answered. */
async function goWith(page, path, requests, answer) {
  await page.route(requests, (route) => answer && route.fulfill(answer));
  await page.goto(new URL(path, page.url()).href);
}

/** Go to an address of a server that is indexing. */
async function goIndexing(page, path) {
  const running = { phase: "reading", done: 1420, total: 5200, started: "2024-05-03T14:05:00.000Z" };
  await page.route("**/api/status", async (route) => {
    const response = await route.fetch();
    const indexing = { ...running, remaining_seconds: 260 };
    await route.fulfill({ response, json: { ...(await response.json()), indexing } });
  });
  await page.goto(new URL(path, page.url()).href);
  await page.getByRole("progressbar").waitFor();
}

const title = (page, name) => page.getByRole("heading", { name }).waitFor();

/** Name of a state -> the server it is on, its address, and what leads there. */
export const TROUBLES = {
  loading: [
    "screens",
    "/words",
    async (page) => {
      await goWith(page, "/?q=cat", "**/api/search?*");
      await page.locator("main div[aria-hidden=true] > div").first().waitFor();
    },
  ],
  "all-loading": [
    "dated",
    "/words",
    async (page) => {
      await goWith(page, "/photos", "**/api/photos?month=*");
      await title(page, "December 2023");
    },
  ],
  failed: [
    "screens",
    "/words",
    async (page) => {
      await goWith(page, "/?q=cat", "**/api/search?*", broken);
      await title(page, "Something went wrong");
    },
  ],
  "all-failed": [
    "dated",
    "/words",
    async (page) => {
      await goWith(page, "/photos", "**/api/photos?month=2023-12*", broken);
      await page.getByText("could not be loaded").waitFor();
    },
  ],
  "filters-failed": [
    "screens",
    "/?q=cat+rocket",
    async (page) => {
      await shown(page);
      await page.route("**/api/facets?*", (route) => route.fulfill(broken));
      await page.getByRole("button", { name: "Filter", exact: true }).click();
      await page.getByText("could not be counted").waitFor();
    },
  ],
  "thumbnails-failed": [
    "screens",
    "/words",
    async (page) => {
      await goWith(page, "/?q=cat+rocket", "**/image?size=*", { status: 404 });
      await tile(page, "chelsea.png").getByText("chelsea.png").waitFor();
    },
  ],
  away: [
    "screens",
    "/words",
    async (page) => {
      await page.route("**/api/**", (route) => route.abort());
      await page.goto(new URL("/?q=cat", page.url()).href);
      await title(page, "Can't reach Magpie");
    },
  ],
  offline: [
    "screens",
    "/?q=cat+rocket",
    async (page) => {
      await shown(page);
      await page.route("**/api/**", (route) => route.abort());
      await tile(page, "chelsea.png").getByRole("link").click();
      await page.keyboard.press("Escape");
      await page.evaluate(() => window.dispatchEvent(new Event("offline")));
      await page.getByRole("status").filter({ hasText: "Can't reach Magpie" }).waitFor();
    },
  ],
  "store-away": [
    "screens",
    "/words",
    async (page) => {
      await goWith(page, "/?q=cat", "**/api/status", failure(503, "unavailable"));
      await title(page, "Can't reach the photo store");
    },
  ],
  indexing: ["screens", "/words", (page) => goIndexing(page, "/?q=cat+rocket").then(() => shown(page))],
  "first-indexing": ["empty", "/", (page) => goIndexing(page, "/")],
  "status-indexing": ["furnished", "/words", (page) => goIndexing(page, "/status")],
  refused: [
    "screens",
    "/",
    async (page) => {
      await hand(page, "drop", new URL(import.meta.url).pathname);
      await page.getByText("can't read this file").waitFor();
    },
  ],
  nothing: ["screens", "/?q=cat&without=cat", (page) => page.getByText("Nothing found").waitFor()],
  forgotten: ["screens", "/?like=00ff", (page) => page.getByText("no longer available").waitFor()],
  "wrong-key": [
    "locked",
    "/",
    async (page) => {
      await page.getByLabel("Access key").fill("guess");
      await page.keyboard.press("Enter");
      await page.getByText("Wrong key").waitFor();
    },
  ],
  "no-words": ["reading", "/words", (page) => title(page, "No words yet")],
  "no-history": ["reading", "/history", (page) => title(page, "Nothing taught yet")],
  "no-page": ["reading", "/nothing/here", (page) => title(page, "There is no page here")],
  common: ["reading", "/?q=the", (page) => title(page, "Too common")],
};
