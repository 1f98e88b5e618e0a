/** Real servers on copies of a real library. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What pytest hands over; see tests/web/conftest.py. */
const MAGPIE = JSON.parse(process.env.MAGPIE_COMMAND ?? '["magpie"]');
export const LIBRARY = process.env.PAGE_LIBRARY ?? "";
export const PHOTOS = process.env.PAGE_PHOTOS ?? "";

/** Headers of a change that the page asks for, and no other site. */
export const FROM_PAGE = { "Sec-Fetch-Site": "same-origin" };

/** The address of a server that test files share, by its name in stage.mjs; started when first used. */
export async function shared(name) {
  const answer = await fetch(`${process.env.PAGE_SERVERS}/${name}`);
  if (!answer.ok) throw new Error(await answer.text());
  return answer.text();
}

/** A folder of this run with a copy of a library, or with nothing in it. */
export function makeStore(library = "") {
  const folder = mkdtempSync(join(tmpdir(), "magpie-page-"));
  if (library) cpSync(library, folder, { recursive: true });
  return { folder, url: `sqlite:///${join(folder, "photos.db")}` };
}

function changed(store, program) {
  execFileSync(MAGPIE[0], [new URL(`../../tests/web/${program}`, import.meta.url).pathname, store.url]);
  return store;
}

/** A copy of a library with a film, a damaged photo and files that were left out. */
export function furnished(library) {
  return changed(makeStore(library), "furnish.py");
}

/** A store whose photos are of many months; see tests/web/dates.py. */
export function dated(store) {
  return changed(store, "dates.py");
}

function start(args, env) {
  const [command, ...first] = MAGPIE;
  const child = spawn(command, [...first, ...args], { env: { ...process.env, ...env } });
  const log = { tail: "" };
  child.stderr.on("data", (data) => (log.tail = (log.tail + data).slice(-4000)));
  return { child, log, ended: once(child, "exit").then(([code]) => code) };
}

/** Resolves with the match of a pattern in a stream; rejects where the process ends before it. */
function printed(stream, pattern, { ended, log }) {
  let text = "";
  const found = new Promise((resolve) => {
    stream.on("data", (data) => {
      text += data;
      const match = pattern.exec(text);
      if (match) resolve(match);
    });
  });
  const missed = ended.then((code) => Promise.reject(new Error(`ended with ${code}: ${log.tail}`)));
  return Promise.race([found, missed]);
}

/** Index folders into a new store; resolves to the store. */
export async function index(...folders) {
  const store = makeStore();
  const { child, log, ended } = start(["index", ...folders, "--store", store.url], {});
  child.stdout.resume();
  if (await ended) throw new Error(`magpie index failed: ${log.tail}`);
  return store;
}

/** Run `magpie index` and hold it while it reads; resolves to what lets it go on to its exit code. */
export async function heldIndex(args) {
  const run = start(["index", ...args], {});
  run.child.stdout.resume();
  await printed(run.child.stderr, /^reading /m, run);
  run.child.kill("SIGSTOP");
  return () => {
    run.child.kill("SIGCONT");
    return run.ended;
  };
}

/** Start `magpie serve`; resolves to its address and what stops it. */
export async function serve({ library = "", store = makeStore(library), port = 0, env = {}, args = [] }) {
  const run = start(["serve", "--json", "--port", `${port}`, "--store", store.url, ...args], {
    MAGPIE_API_KEY: "",
    ...env,
  });
  const [, url] = await printed(run.child.stdout, /"url":\s*"([^"]+)"/, run);
  const stop = async () => {
    run.child.kill("SIGTERM");
    await run.ended;
  };
  const end = async () => {
    await stop();
    rmSync(store.folder, { recursive: true, force: true });
  };
  return { url, store, stop, end };
}
