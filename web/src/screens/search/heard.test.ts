import { expect, test } from "vitest";
import type { Hit } from "../../types";
import { found, rankedAgain } from "./heard";

test.each([
  ["cat", 1, false, "1 photo for cat"],
  ["cat", 60, true, "More than 60 photos for cat"],
  ["cat", 0, false, "No photos for cat"],
  ["", 12, false, "12 photos like this picture"],
])("%s with %d photos, more: %s", (words, count, hasMore, text) =>
  expect(found(words, count, hasMore)).toBe(text),
);

test("how many of the photos are likely is told, where not all are", () => {
  expect(found("cat", 60, true, 17)).toBe("More than 60 photos for cat, 17 of them likely");
  expect(found("cat", 60, true, 0)).toBe("More than 60 photos for cat, none of them likely");
  expect(found("cat", 60, true, 90)).toBe("More than 60 photos for cat");
});

test("counts are told after a judgement, and a new order only where there is one", () => {
  const [a, b] = [{ id: "a" } as Hit, { id: "b" } as Hit];
  const learning = { word: "cat", good: 1, bad: 2 };
  expect(rankedAgain(learning, [a, b], [a, b])).toBe("cat: 1 match, 2 wrong");
  expect(rankedAgain(learning, [a, b], [b, a])).toMatch(/new order$/);
});
