import { expect, test } from "vitest";
import { chosenUpTo, toggled } from "./choosing";

const ORDER = ["a", "b", "c", "d"];

test("a photo is chosen, and no longer", () => {
  const once = toggled(new Set(["a"]), "b");
  expect([...once]).toEqual(["a", "b"]);
  expect([...toggled(once, "a")]).toEqual(["b"]);
});

test.each([
  ["b", "d", ["b", "c", "d"]],
  ["d", "b", ["b", "c", "d"]],
  ["gone", "c", ["c"]],
])("from %s to %s", (from, to, chosen) =>
  expect([...chosenUpTo(new Set(), ORDER, from, to)]).toEqual(chosen),
);

test("what was chosen before stays, and nothing is chosen up to a photo that is gone", () => {
  expect([...chosenUpTo(new Set(["a"]), ORDER, "c", "d")]).toEqual(["a", "c", "d"]);
  expect([...chosenUpTo(new Set(["a"]), ORDER, "a", "gone")]).toEqual(["a"]);
});
