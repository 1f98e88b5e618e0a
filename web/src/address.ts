/** The address bar holds the state of a search: it can be bookmarked and sent. */

export interface Search {
  words: string;
  /** Id of the picture that results should be similar to: of the library, or recently uploaded. */
  like: string;
  /** Parts of the understanding that are ignored. */
  without: readonly string[];
}

export const NOTHING: Search = { words: "", like: "", without: [] };

export function readSearch(query: string): Search {
  const params = new URLSearchParams(query);
  return {
    words: params.get("q")?.trim() ?? "",
    like: params.get("like") ?? "",
    without: params.getAll("without"),
  };
}

export function searchQuery(search: Search): string {
  const params = new URLSearchParams();
  if (search.words) params.set("q", search.words);
  if (search.like) params.set("like", search.like);
  for (const part of search.without) params.append("without", part);
  const query = params.toString();
  return query && `?${query}`;
}

export function searchAddress(search: Search): string {
  return `/${searchQuery(search)}`;
}

export function photoAddress(id: string, search: Search): string {
  return `/photo/${encodeURIComponent(id)}${searchQuery(search)}`;
}

export function isEmpty(search: Search): boolean {
  return !search.words && !search.like;
}

/** Two searches with the same key give the same answer. */
export function searchKey(search: Search): string {
  return searchQuery(search);
}
