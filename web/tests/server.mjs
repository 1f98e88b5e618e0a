/** Real servers on copies of a real library, one a test file. */
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What pytest hands over; see tests/web/test_page.py. */
export const MAGPIE = JSON.parse(process.env.MAGPIE_COMMAND ?? '["magpie"]');
export const LIBRARY = process.env.PAGE_LIBRARY ?? "";
export const PHOTOS = process.env.PAGE_PHOTOS ?? "";
export const LARGE_LIBRARY = process.env.PAGE_LARGE_LIBRARY ?? "";

/** A folder of this run with a copy of a library, or with nothing in it. */
export function makeStore(library = "") {
  const folder = mkdtempSync(join(tmpdir(), "magpie-page-"));
  if (library) cpSync(library, folder, { recursive: true });
  return { folder, url: `sqlite:///${join(folder, "photos.db")}` };
}

function start(args, env) {
  const [command, ...first] = MAGPIE;
  const child = spawn(command, [...first, ...args], { env: { ...process.env, ...env } });
  const log = { tail: "" };
  child.stderr.on("data", (data) => (log.tail = (log.tail + data).slice(-4000)));
  return { child, log };
}

/** Run `magpie index` and hold it where the server at `url` tells of it; resolves to what lets it go on to its exit code. */
export async function heldIndex(url, args) {
  const { child, log } = start(["index", ...args], {});
  child.stdout.resume();
  const ended = new Promise((resolve) => child.on("exit", resolve));
  while ((await (await fetch(`${url}/api/status`)).json()).indexing === null)
    if (child.exitCode !== null) throw new Error(`magpie index ended unseen: ${log.tail}`);
  child.kill("SIGSTOP");
  return () => {
    child.kill("SIGCONT");
    return ended;
  };
}

/** Start `magpie serve`; resolves to its address and what stops it. */
export async function serve({ library = "", store = makeStore(library), port = 0, env = {}, args = [] }) {
  const { child, log } = start(["serve", "--json", "--port", `${port}`, "--store", store.url, ...args], {
    MAGPIE_API_KEY: "",
    ...env,
  });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  const url = await Promise.race([
    addressOf(child),
    ended.then((code) => Promise.reject(new Error(`magpie serve ended with ${code}: ${log.tail}`))),
  ]);
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  const end = async () => {
    await stop();
    rmSync(store.folder, { recursive: true, force: true });
  };
  return { url, store, stop, end };
}

function addressOf(child) {
  let printed = "";
  return new Promise((resolve) => {
    child.stdout.on("data", (data) => {
      printed += data;
      const found = /"url":\s*"([^"]+)"/.exec(printed);
      if (found) resolve(found[1]);
    });
  });
}
