/**
 * Measure the page of a running server: `node measure.mjs URL`; JSON on stdout.
 * Frames are counted by the DevTools protocol (Tracing) while Chromium itself scrolls the results.
 */
import { launch } from "./browser.mjs";

const QUERY = "/?q=dog";
const LOADS = 7;
const SCROLL_PIXELS_PER_SECOND = 2500;
const RESULTS = 2000;
const MOST_GESTURES = 40;
const CATEGORIES = ["devtools.timeline"];

const [url] = process.argv.slice(2);
const browser = await launch();
const loads = [];
for (let n = 0; n < LOADS; n++) loads.push(await load());
const scroll = await scrollThrough();
await browser.close();
console.log(JSON.stringify({ loads, scroll }));

/** One load with an empty cache: paints in ms after navigation, bytes of scripts as transferred. */
async function load() {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.addInitScript(() => {
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.largest = entry.startTime;
    }).observe({ type: "largest-contentful-paint", buffered: true });
    // The first photo of the results that is decoded and shown.
    document.addEventListener(
      "load",
      (event) => {
        if (window.photo || !event.target.closest?.("li[data-id]")) return;
        requestAnimationFrame(() => requestAnimationFrame(() => (window.photo ??= performance.now())));
      },
      true,
    );
  });
  await page.goto(url + QUERY, { waitUntil: "networkidle" });
  await page.waitForFunction(() => window.photo);
  const measured = await page.evaluate(() => ({
    firstPaint: performance.getEntriesByName("first-contentful-paint")[0].startTime,
    firstPhoto: window.photo,
    largestPaint: window.largest,
    scriptBytes: performance
      .getEntriesByType("resource")
      .filter(({ name }) => name.endsWith(".js"))
      .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
  }));
  await context.close();
  return measured;
}

async function scrollThrough() {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(url + QUERY, { waitUntil: "networkidle" });
  const client = await page.context().newCDPSession(page);
  await page.evaluate(() => {
    window.frames_ = [];
    const tick = (time) => {
      window.frames_.push(time);
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  const trace = [];
  client.on("Tracing.dataCollected", ({ value }) => trace.push(...value));
  await client.send("Tracing.start", { traceConfig: { includedCategories: CATEGORIES } });
  const began = await page.evaluate(() => performance.now());
  let seen = 0;
  for (let gestures = 0; seen < RESULTS && gestures < MOST_GESTURES; gestures++) {
    await client.send("Input.synthesizeScrollGesture", {
      x: 640,
      y: 400,
      yDistance: -4000,
      speed: SCROLL_PIXELS_PER_SECOND,
      gestureSourceType: "mouse",
    });
    seen = await page.evaluate(() =>
      Math.max(...[...document.querySelectorAll("li[data-id]")].map((tile) => Number(tile.ariaPosInSet))),
    );
  }
  const ended = await page.evaluate(() => performance.now());
  const done = new Promise((resolve) => client.once("Tracing.tracingComplete", resolve));
  await client.send("Tracing.end");
  await done;
  const times = (await page.evaluate(() => window.frames_)).filter((time) => time > began && time < ended);
  const gaps = times.slice(1).map((time, n) => time - times[n]);
  const presented = trace.filter(({ name }) => name === "AnimationFrame::Presentation").length;
  return {
    seconds: (ended - began) / 1000,
    results: seen,
    presented,
    gaps: { median: middle(gaps, 0.5), p95: middle(gaps, 0.95), longest: Math.max(...gaps) },
  };
}

function middle(values, share) {
  return [...values].sort((a, b) => a - b)[Math.floor(share * (values.length - 1))];
}
