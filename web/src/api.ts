/** The only file that knows routes. Every function may reject with an `ApiError`. */
import type { Search } from "./address";
import type * as T from "./types";

export class ApiError extends Error {
  /** `status` is HTTP's, or 0 if the server did not answer at all. */
  constructor(
    readonly status: number,
    /** One word of the API's, or "unreachable"; see texts.ts. */
    readonly code: string,
    message: string,
    readonly retrySeconds = 2,
  ) {
    super(message);
  }
}

/** Whether the server, or the store behind it, does not answer. */
export function isAway(error: unknown): boolean {
  return error instanceof ApiError && [0, 503].includes(error.status);
}

/** Whether something is not there, and will not be if it is asked for again. */
export function isGone(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}

/** Whether an undo comes too late: the event was undone already or has left the history. */
export function isOver(error: unknown): boolean {
  return error instanceof ApiError && [400, 404].includes(error.status);
}

/** Whether nothing can be read without a key. */
export function isLocked(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}

const THUMBNAILS = [160, 320, 400, 640, 1280] as const;
export type Thumbnail = (typeof THUMBNAILS)[number];

/** The size that is made while photos are indexed, and so is there at once. */
export const TILE: Thumbnail = 400;
/** Width / height from which that is too small for a row of tiles. */
const PANORAMA = 2;

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

export function facets(search: Search, signal: AbortSignal): Promise<T.Facets> {
  const params = { q: search.words, like: search.like, without: search.without };
  return call("GET", "/api/facets", { params, signal });
}

/** Search by a picture from outside; from then on `like.id` of the answer names it. */
export function searchByPicture(
  file: File,
  words: string,
  limit: number,
  signal: AbortSignal,
): Promise<T.Answer> {
  const form = new FormData();
  form.set("file", file);
  form.set("limit", `${limit}`);
  if (words) form.set("q", words);
  return call("POST", "/api/search/image", { body: form, signal });
}

export function suggest(words: string, signal: AbortSignal): Promise<T.Suggested> {
  return call("GET", "/api/suggest", { params: { q: words }, signal });
}

export function photo(id: string, signal: AbortSignal): Promise<T.Photo> {
  return call("GET", `/api/photos/${encodeURIComponent(id)}`, { signal });
}

export function similar(
  id: string,
  limit: number,
  signal: AbortSignal,
): Promise<{ hits: T.Hit[] }> {
  return call("GET", `/api/photos/${encodeURIComponent(id)}/similar`, { params: { limit }, signal });
}

/** All photos of a month, or without a date, newest first; `next` of an answer is the next `cursor`. */
export function photos(
  month: string,
  cursor: string,
  limit: number,
  signal: AbortSignal,
): Promise<T.Photos> {
  return call("GET", "/api/photos", { params: { month, cursor, limit }, signal });
}

export function months(signal: AbortSignal): Promise<T.Months> {
  return call("GET", "/api/photos/months", { signal });
}

/** Words to begin with: what many photos show. */
export function ideas(signal: AbortSignal): Promise<{ ideas: string[] }> {
  return call("GET", "/api/ideas", { signal });
}

/** Photos in random order; with one seed, each comes once. */
export function random(
  seed: number,
  slice: Slice,
  signal: AbortSignal,
): Promise<{ hits: T.Hit[] }> {
  return call("GET", "/api/photos/random", { params: { seed, ...slice }, signal });
}

/** How a photo was taken, as its file tells. */
export function exif(id: string, signal: AbortSignal): Promise<T.Exif> {
  return call("GET", `/api/photos/${encodeURIComponent(id)}/exif`, { signal });
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

/** For the srcset of a tile, where one size is not enough. */
export function tileSources(id: string, photo: { width: number; height: number }): string | undefined {
  return photo.width > PANORAMA * photo.height ? imageSources(id, photo) : undefined;
}

/** Address of a thumbnail whose longer side has `size` pixels, or of the original. */
export function imageAddress(id: string, size?: Thumbnail): string {
  return `/api/photos/${encodeURIComponent(id)}/image${size ? `?size=${size}` : ""}`;
}

/** Address that downloads the original under its own file name. */
export function downloadAddress(id: string): string {
  return `${imageAddress(id)}?download=true`;
}

/** The files of photos as one zip. */
export async function zipped(ids: readonly string[]): Promise<Blob> {
  const answer = await ask("POST", "/api/photos/zip", { body: { ids } });
  return answer.blob();
}

/** Rejects if the original cannot be downloaded. */
export function checkOriginal(id: string): Promise<unknown> {
  return call("HEAD", imageAddress(id));
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

/** Take back what was said of a photo for a word, in whichever visit; gives the event that is undone. */
export function withdraw(word: string, photo: string): Promise<{ undone: string }> {
  return call("DELETE", "/api/feedback", { params: { query: word, photo } });
}

/** Take back several events, as those of an import. */
export function undoAll(events: readonly string[]): Promise<unknown> {
  return call("POST", "/api/feedback/undo", { body: { events } });
}

/** Events of the words that contain a text. */
export function history(
  word: string,
  slice: Slice,
  signal: AbortSignal,
): Promise<{ events: T.HistoryEvent[]; total: number }> {
  return call("GET", "/api/feedback", { params: { word, ...slice }, signal });
}

export function words(signal: AbortSignal): Promise<{ words: T.LearnedWord[] }> {
  return call("GET", "/api/words", { signal });
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

export function importWords(file: File): Promise<T.Imported> {
  return call("POST", "/api/import", { body: new Blob([file], { type: LINES }) });
}

export function status(signal?: AbortSignal): Promise<T.Status> {
  return call("GET", "/api/status", { signal });
}

/** Files that could not be read, and why. */
export function unreadable(limit: number, signal: AbortSignal): Promise<T.Unreadable> {
  return call("GET", "/api/status/unreadable", { params: { limit }, signal });
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
  const response = await ask(method, path, request);
  const isEmpty = response.status === 204 || method === "HEAD";
  return (isEmpty ? undefined : await response.json()) as Answer;
}

async function ask(method: string, path: string, request: Request): Promise<Response> {
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
    throw new ApiError(0, "unreachable", `${method} ${path} was not answered`);
  }
  if (!response.ok) throw await errorOf(response);
  return response;
}

function queryString(params: Params): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== "") query.append(name, one);
  }
  return query.size ? `?${query}` : "";
}

async function errorOf(response: Response): Promise<ApiError> {
  type Body = { error?: { code?: string; message?: string } };
  const body = (await response.json().catch(() => null)) as Body | null;
  const { code = "failed", message = `${response.status}` } = body?.error ?? {};
  const wait = Number(response.headers.get("Retry-After"));
  return new ApiError(response.status, code, message, wait > 0 ? wait : 2);
}
