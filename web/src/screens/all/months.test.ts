import { expect, test } from "vitest";
import type { Hit } from "../../types";
import { joined, keptMonths, MOST_MONTHS } from "./months";

const FULL = Array.from({ length: MOST_MONTHS }, (_, n) => `month ${n}`);

test("of more months than are kept, those seen first are let go, but for what is held", () => {
  const isHeld = (month: string) => month === "month 1";
  const kept = keptMonths(FULL, ["a", "b", "c"], isHeld);
  expect(kept).toEqual(["month 1", ...FULL.slice(3), "a", "b", "c"]);
  expect(keptMonths(kept, ["d"], () => false)).toEqual([...FULL.slice(4), "a", "b", "c", "d"]);
});

test("what is in sight stays, however much it is, and nothing changes where nothing new is seen", () => {
  const many = [...FULL, "more"];
  expect(keptMonths(["old"], many, () => false)).toEqual(many);
  expect(keptMonths(many, many, () => false)).toBe(many);
});

test("photos that come on two pages are there once, in their order", () => {
  const [a, b, c] = ["a", "b", "c"].map((id) => ({ id }) as Hit);
  expect(joined([[a!, b!], [b!, c!]])).toEqual([a, b, c]);
});
