/** The only file that knows routes. Every function may reject with an `ApiError`. */
import type { Search } from "./address";
import type * as T from "./types";

export class ApiError extends Error {
  /** `status` is HTTP's, or 0 if the server did not answer at all. */
  constructor(
    readonly status: number,
    message: string,
    readonly retrySeconds = 2,
  ) {
    super(message);
  }
}

const THUMBNAILS = [160, 320, 640, 1280] as const;
export type Thumbnail = (typeof THUMBNAILS)[number];

/** The sizes worth asking for: none is larger than the photo itself. */
function thumbnails(photo: { width: number; height: number }): readonly Thumbnail[] {
  const longer = Math.max(photo.width, photo.height) || Infinity;
  return THUMBNAILS.filter((_, n) => n === 0 || THUMBNAILS[n - 1]! < longer);
}

/** The format of exports and imports: one JSON event per line. */
const LINES = "application/x-ndjson";

export const EXPORT_ADDRESS = "/api/export";

export interface Slice {
  offset: number;
  limit: number;
}

type Params = Record<string, string | number | readonly string[]>;

export function search(search: Search, slice: Slice, signal?: AbortSignal): Promise<T.Answer> {
  const params = { q: search.words, like: search.like, without: search.without, ...slice };
  return call("GET", "/api/search", { params, signal });
}

/** Search by a picture from outside; from then on `like.id` of the answer names it. */
export function searchByPicture(file: File, words: string, limit: number): Promise<T.Answer> {
  const form = new FormData();
  form.set("file", file);
  form.set("limit", `${limit}`);
  if (words) form.set("q", words);
  return call("POST", "/api/search/image", { body: form });
}

export function suggest(words: string, signal: AbortSignal): Promise<{ suggestions: string[] }> {
  return call("GET", "/api/suggest", { params: { q: words }, signal });
}

export function photo(id: string): Promise<T.Photo> {
  return call("GET", `/api/photos/${encodeURIComponent(id)}`);
}

export function similar(id: string, limit: number): Promise<{ hits: T.Hit[] }> {
  return call("GET", `/api/photos/${encodeURIComponent(id)}/similar`, { params: { limit } });
}

/** Photos in random order; with one seed, each comes once. */
export function random(seed: number, slice: Slice): Promise<{ hits: T.Hit[] }> {
  return call("GET", "/api/photos/random", { params: { seed, ...slice } });
}

/** For an image's srcset: its thumbnails and how wide each is. */
export function imageSources(id: string, photo: { width: number; height: number }): string {
  const { width, height } = photo;
  const longer = Math.max(width, height) || 1;
  const widthOf = (size: number) => Math.round((Math.min(size, longer) * (width || 1)) / longer) || 1;
  return thumbnails(photo)
    .map((size) => `${imageAddress(id, size)} ${widthOf(size)}w`)
    .join();
}

/** Address of a thumbnail whose longer side has `size` pixels, or of the original. */
export function imageAddress(id: string, size?: Thumbnail): string {
  return `/api/photos/${encodeURIComponent(id)}/image${size ? `?size=${size}` : ""}`;
}

/** Address that downloads the original under its own file name. */
export function downloadAddress(id: string): string {
  return `${imageAddress(id)}?download=true`;
}

export interface Judgement {
  query: string;
  good: string[];
  bad: string[];
  shown: string[];
}

export function judge(judgement: Judgement): Promise<T.Judged> {
  return call("POST", "/api/feedback", { body: judgement });
}

export function undo(event: string): Promise<unknown> {
  return call("DELETE", `/api/feedback/${encodeURIComponent(event)}`);
}

export function history(slice: Slice): Promise<{ events: T.HistoryEvent[]; total: number }> {
  return call("GET", "/api/feedback", { params: { ...slice } });
}

export function words(): Promise<{ words: T.LearnedWord[] }> {
  return call("GET", "/api/words");
}

/** Teach a word by pictures from outside the library. */
export function teachByPictures(word: string, files: readonly File[]): Promise<T.Judged> {
  const form = new FormData();
  for (const file of files) form.append("good", file);
  return call("POST", `${wordAddress(word)}/examples`, { body: form });
}

/** Teach a word by photos of the library, or recently uploaded pictures. */
export function teach(word: string, good: string[], bad: string[] = []): Promise<T.Judged> {
  return call("POST", `${wordAddress(word)}/examples`, { body: { good, bad } });
}

export function rename(word: string, name: string): Promise<T.WordEvent> {
  return call("PATCH", wordAddress(word), { body: { rename: name } });
}

export function merge(word: string, into: string): Promise<T.WordEvent> {
  return call("PATCH", wordAddress(word), { body: { merge_into: into } });
}

export function forget(word: string): Promise<T.WordEvent> {
  return call("DELETE", wordAddress(word));
}

export function importWords(file: File): Promise<{ events: number }> {
  return call("POST", "/api/import", { body: new Blob([file], { type: LINES }) });
}

export function status(): Promise<T.Status> {
  return call("GET", "/api/status");
}

export function openSession(key: string): Promise<unknown> {
  return call("POST", "/api/session", { body: { key } });
}

function wordAddress(word: string): string {
  return `/api/words/${encodeURIComponent(word)}`;
}

interface Request {
  params?: Params;
  body?: object;
  signal?: AbortSignal | undefined;
}

async function call<Answer>(method: string, path: string, request: Request = {}): Promise<Answer> {
  const { params = {}, body, signal } = request;
  const isJson = !(body instanceof FormData || body instanceof Blob); // the browser sets their content types
  let response: Response;
  try {
    response = await fetch(path + queryString(params), {
      method,
      signal: signal ?? null,
      ...(body && { body: isJson ? JSON.stringify(body) : body }),
      ...(body && isJson && { headers: { "Content-Type": "application/json" } }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, "The server did not answer. Is `magpie serve` running?");
  }
  if (!response.ok) throw await errorOf(response);
  return (response.status === 204 ? undefined : await response.json()) as Answer;
}

function queryString(params: Params): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== "") query.append(name, one);
  }
  return query.size ? `?${query}` : "";
}

async function errorOf(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => null)) as { error?: { message?: string } } | null;
  const message = body?.error?.message ?? `The server answered with status ${response.status}.`;
  const wait = Number(response.headers.get("Retry-After"));
  return new ApiError(response.status, message, wait > 0 ? wait : 2);
}
