/** Searches that were made in this browser, which alone keeps them. */

const KEY = "searches";
const MOST_KEPT = 50;

/** Newest first. */
export function recentSearches(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
  } catch {
    return []; // storage is blocked, or holds something else
  }
}

function keep(searches: readonly string[]): void {
  try {
    if (searches.length) localStorage.setItem(KEY, JSON.stringify(searches));
    else localStorage.removeItem(KEY);
  } catch {
    // Storage is blocked: nothing is remembered.
  }
}

export function remember(words: string): void {
  if (words) keep([words, ...recentSearches().filter((one) => one !== words)].slice(0, MOST_KEPT));
}

export function forgetSearches(): void {
  keep([]);
}

/** Those that go on from a text: they begin with it, or a word of theirs does. */
export function goingOn(searches: readonly string[], text: string): readonly string[] {
  const typed = text.trim().toLowerCase();
  const begins = (one: string) => one.toLowerCase().startsWith(typed);
  const others = searches.filter((one) => !begins(one) && ` ${one.toLowerCase()}`.includes(` ${typed}`));
  return [...searches.filter(begins), ...others].filter((one) => one.toLowerCase() !== typed);
}
