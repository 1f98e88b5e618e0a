import { expect, test } from "vitest";
import type { Hit, Verdict } from "../../types";
import { countsWith, marksOf } from "./marks";

const hit = (id: string, judged: Hit["judged"] = null) => ({ id, judged }) as Hit;
const HITS = [hit("a", { good: 1, bad: 0 }), hit("b", { good: 0, bad: 2 }), hit("c")];
const LEARNING = { word: "zebra", good: 1, bad: 1 };

test("what is on its way is marked already, or no longer", () => {
  const pending = new Map<string, Verdict | null>([["a", null], ["c", "good"]]);
  expect([...marksOf(HITS, pending)]).toEqual([["b", "bad"], ["c", "good"]]);
});

test.each<[[string, Verdict | null][], number, number]>([
  [[], 1, 1],
  [[["c", "good"]], 2, 1],
  [[["a", null]], 0, 1],
  [[["a", "bad"]], 0, 2],
  [[["an uploaded picture", "good"]], 2, 1],
  [[["a", "good"]], 1, 1],
])("%o counts as %d matches, %d wrong", (pending, good, bad) => {
  const before = marksOf(HITS, new Map());
  expect(countsWith(LEARNING, before, new Map(pending))).toMatchObject({ good, bad });
});
