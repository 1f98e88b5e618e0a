import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { forgetSearches, goingOn, recentSearches, remember } from "./recent";

let kept: Map<string, string>;
beforeEach(() => {
  kept = new Map();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
});
afterEach(() => vi.unstubAllGlobals());

test("searches are remembered once each, the newest first, and no more than fifty", () => {
  for (const words of ["cat", "dog", "", "cat"]) remember(words);
  expect(recentSearches()).toEqual(["cat", "dog"]);
  for (let n = 0; n < 60; n++) remember(`search ${n}`);
  expect(recentSearches()).toHaveLength(50);
  expect(recentSearches()[0]).toBe("search 59");
  forgetSearches();
  expect(recentSearches()).toEqual([]);
  expect(kept.size).toBe(0);
});

test("storage that is blocked or holds something else is not a failure", () => {
  for (const odd of ["{", "7", '{"a": 1}']) {
    kept.set("searches", odd);
    expect(recentSearches()).toEqual([]);
  }
  vi.stubGlobal("localStorage", undefined);
  remember("cat");
  expect(recentSearches()).toEqual([]);
});

test("what begins with the text comes before what has a word that does", () => {
  const searches = ["black cat", "Cat on sofa", "concat", "cat", "dog"];
  expect(goingOn(searches, " cat")).toEqual(["Cat on sofa", "black cat"]);
  expect(goingOn(searches, "")).toEqual(searches);
});
