import { expect, test } from "vitest";
import type { Indexing } from "../../types";
import { progressText } from "./progressText";

const RUN: Indexing = {
  phase: "reading",
  done: 340,
  total: 1200,
  started: "2024-05-01T12:00:00.000Z",
  remaining_seconds: 95,
};

test.each<[Partial<Indexing>, string]>([
  [{}, "Reading photos: 340 of 1,200 (28%), 2 min left"],
  [{ remaining_seconds: null }, "Reading photos: 340 of 1,200 (28%)"],
  [{ remaining_seconds: 11100 }, "Reading photos: 340 of 1,200 (28%), 3 h 5 min left"],
  [{ done: 1200, remaining_seconds: 0 }, "Reading photos: 1,200 of 1,200 (100%)"],
  [{ phase: "looking", done: 0, total: 0 }, "Looking for photos"],
  [{ phase: "looking", done: 12_300, total: 0 }, "Looking for photos: 12,300 found so far"],
  [{ phase: "linking" }, "Finding similar photos"],
])("%o reads %s", (part, text) => {
  expect(progressText({ ...RUN, ...part })).toBe(text);
});
