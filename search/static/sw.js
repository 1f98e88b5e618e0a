// Keeps the page itself, so that it opens while the server is away, and takes pictures that other
// programs share with it. Photos and answers are never kept.
const PAGE = "magpie-page";
const SHARED = "magpie-shared";
/** Where a shared picture waits for the page; see src/screens/search/useSharedPicture.ts. */
const PICTURE = "/shared-picture";

const assetsOf = (text) => text.match(/\/assets\/[^"]+/g) ?? [];

/** Keep a document, with what it loads at once; of another build, nothing is kept any longer. */
async function keep(answer) {
  const cache = await caches.open(PAGE);
  const before = await cache.match("/");
  if (before?.headers.get("etag") === answer.headers.get("etag")) return;
  const assets = assetsOf(await answer.clone().text());
  await caches.delete(PAGE);
  const fresh = await caches.open(PAGE);
  await fresh.addAll(assets);
  await fresh.put("/", answer);
}

async function openPage(event) {
  try {
    const answer = await fetch(event.request);
    if (answer.ok && answer.type === "basic") event.waitUntil(keep(answer.clone()).catch(() => undefined));
    return answer;
  } catch {
    return (await caches.match("/", { cacheName: PAGE })) ?? Response.error();
  }
}

/** Files whose names hold a hash of their content. */
async function openAsset(request) {
  const kept = await caches.match(request, { cacheName: PAGE });
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) {
    const cache = await caches.open(PAGE);
    await cache.put(request, answer.clone());
  }
  return answer;
}

async function take(request) {
  const form = await request.formData();
  const file = form.get("file");
  const words = [form.get("title"), form.get("text")].find((text) => text) ?? "";
  if (!(file instanceof File) || !file.size)
    return Response.redirect(`/?${new URLSearchParams({ q: words })}`, 303);
  const headers = { "content-type": file.type, "x-name": encodeURIComponent(file.name) };
  const cache = await caches.open(SHARED);
  await cache.put(PICTURE, new Response(file, { headers }));
  return Response.redirect("/?shared", 303);
}

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(fetch("/").then((answer) => answer.ok && !answer.redirected && keep(answer)));
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.method === "POST" && pathname === "/share") event.respondWith(take(request));
  else if (request.method !== "GET") return;
  else if (request.mode === "navigate" && /^\/(photo\/[^/]+|words|history|photos|status)?$/.test(pathname))
    event.respondWith(openPage(event));
  else if (pathname.startsWith("/assets/")) event.respondWith(openAsset(request));
});
