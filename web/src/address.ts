/** The address bar holds the state of a search: it can be bookmarked and sent. */

export interface Search {
  words: string;
  /** Id of the picture that results should be similar to: of the library, or recently uploaded. */
  like: string;
  /** Parts of the understanding that are ignored. */
  without: readonly string[];
  /** Instead of a search, all photos by date, from this month on; "" from the newest one. */
  all?: string | undefined;
}

/** What stands for the month of photos without a date. */
export const UNDATED = "none";

/** All photos around one of them; another search stays as it is. */
export function around(search: Search, { captured }: { captured: string | null }): Search {
  return search.all === undefined ? search : { ...search, all: captured?.slice(0, 7) ?? UNDATED };
}

export const NOTHING: Search = { words: "", like: "", without: [] };

/** What the server may take for a filter: "camera:nikon", "2019", "last summer". */
const MAY_FILTER = /:\S|\d{4}|['’]\d\d|\b(last|past|this)\s|\b(yesterday|today|ago)\b/i;

/** A word as a search that is about that word, even where it looks like a date. */
export function asWords(word: string): string {
  return MAY_FILTER.test(word) ? `"${word}"` : word;
}

/** A search that finds fewer photos: those of a camera, a place, a year; "=" is before a whole name. */
export function filtered(search: Search, kind: string, value: string): Search {
  const filter = `${kind}:${/^[\w.-]+$/.test(value) ? value : `"${value.replaceAll('"', " ")}"`}`;
  return { ...search, words: `${search.words} ${filter}`.trim() };
}

/** The longest value of a filter that the server takes. */
const LONGEST_VALUE = 100;

/** The photos in the folder of a file, and below it. */
export function inFolderOf(path: string): Search {
  const folder = path.slice(0, path.lastIndexOf("/") + 1) || "/";
  // Of a long path its end tells the folder as well.
  const start = folder.length > LONGEST_VALUE ? folder.indexOf("/", folder.length - LONGEST_VALUE) : 0;
  const isOne = start >= 0 && start < folder.length - 1;
  return filtered(NOTHING, "folder", isOne ? folder.slice(start) : folder.slice(-LONGEST_VALUE));
}

export function readSearch(query: string): Search {
  const params = new URLSearchParams(query);
  return {
    words: params.get("q")?.trim() ?? "",
    like: params.get("like") ?? "",
    without: params.getAll("without"),
    all: params.get("at") ?? undefined,
  };
}

/** The search that an address is about; that of nothing where it is about something else. */
export function searchAt(pathname: string, query: string): Search {
  if (pathname === "/photos") return { ...NOTHING, all: readSearch(query).all ?? "" };
  if (photoIn(pathname) !== null) return readSearch(query);
  return pathname === "/" ? { ...readSearch(query), all: undefined } : NOTHING;
}

export function searchQuery(search: Search): string {
  const params = new URLSearchParams();
  if (search.words) params.set("q", search.words);
  if (search.like) params.set("like", search.like);
  for (const part of search.without) params.append("without", part);
  if (search.all !== undefined) params.set("at", search.all);
  const query = params.toString();
  return query && `?${query}`;
}

export function searchAddress(search: Search): string {
  if (search.all !== undefined) return search.all ? `/photos?at=${search.all}` : "/photos";
  return `/${searchQuery(search)}`;
}

export function photoAddress(id: string, search: Search): string {
  return `/photo/${encodeURIComponent(id)}${searchQuery(search)}`;
}

/** The id of the photo that an address opens; null if it opens none. */
export function photoIn(pathname: string): string | null {
  const id = /^\/photo\/([^/]+)$/.exec(pathname)?.[1];
  try {
    return id ? decodeURIComponent(id) : null;
  } catch {
    return null; // no address of this page
  }
}

export function isEmpty(search: Search): boolean {
  return !search.words && !search.like && search.all === undefined;
}

/** Two searches with the same key give the same answer. */
export function searchKey(search: Search): string {
  return searchQuery(search);
}
