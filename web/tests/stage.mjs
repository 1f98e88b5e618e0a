/**
 * What the test files share: a browser, a library of the photos, and servers, which start when they
 * are first asked for. Prints where these are as one line of JSON; ends them when stdin closes.
 */
import { rmSync } from "node:fs";
import { createServer } from "node:http";
import { launchShared } from "./browser.mjs";
import { dated, furnished, index, makeStore, PHOTOS, serve } from "./server.mjs";

const [browser, library] = await Promise.all([launchShared(), index(PHOTOS)]);
const copy = { library: library.folder };

const KINDS = {
  /** Nothing is taught here. */
  reading: () => serve({ ...copy, args: ["--upload-megabytes", "0.5"] }),
  /** Every test teaches words of its own. */
  teaching: () => serve(copy),
  /** What is marked here on the way to a screen would change what others find. */
  screens: () => serve(copy),
  /** More photos than a window shows. */
  large: async () => serve({ store: await index(PHOTOS, process.env.PAGE_DETAILS) }),
  /** As many, of 40 months. */
  dated: async () => serve({ store: dated(await index(PHOTOS, process.env.PAGE_DETAILS)) }),
  /** A film, a damaged photo, files that were left out. */
  furnished: () => serve({ store: furnished(library.folder) }),
  /** No photos. */
  empty: () => serve({}),
  locked: () => serve({ ...copy, env: { MAGPIE_API_KEY: "open sesame" } }),
};

const started = new Map();
function find(kind) {
  if (!started.has(kind)) started.set(kind, KINDS[kind]());
  return started.get(kind);
}

const servers = createServer(async (request, response) => {
  try {
    response.end((await find(request.url.slice(1))).url);
  } catch (error) {
    response.writeHead(500).end(error.stack);
  }
});
servers.listen(0, "127.0.0.1", () => {
  const where = {
    PAGE_BROWSER: browser.wsEndpoint(),
    PAGE_LIBRARY: library.folder,
    PAGE_SERVERS: `http://127.0.0.1:${servers.address().port}`,
  };
  console.log(JSON.stringify(where));
});

process.stdin.resume().on("end", async () => {
  await browser.close();
  await Promise.allSettled([...started.values()].map(async (server) => (await server).end()));
  rmSync(library.folder, { recursive: true, force: true });
  process.exit();
});
