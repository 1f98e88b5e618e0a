import { expect, test } from "vitest";
import type { Part } from "../../types";
import { inOrder } from "./inOrder";

const parts = (...names: string[]) => names.map((part) => ({ part }) as Part);
const names = (some: Part[]) => some.map(({ part }) => part);

test("a part that is ignored keeps its place", () => {
  expect(names(inOrder(parts("grass", "puppy"), ["puppy", "grass"]))).toEqual(["puppy", "grass"]);
});

test("parts that are new come last, in their own order", () => {
  expect(names(inOrder(parts("c", "b", "a"), ["a"]))).toEqual(["a", "c", "b"]);
  expect(names(inOrder(parts("b", "a"), []))).toEqual(["b", "a"]);
});
