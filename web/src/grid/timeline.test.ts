import { describe, expect, it } from "vitest";
import type { Hit } from "../types";
import { GAP, justify } from "./justify";
import { arrange, estimate, HEADING, partAt, type Section, shiftAt } from "./timeline";

const WIDTH = 1000;
const photos = (count: number, key: string) =>
  Array.from({ length: count }, (_, n) => ({ id: `${key} ${n}`, width: 300 + ((n * 137) % 400), height: 300 }) as Hit);
const section = (key: string, count: number, isLoaded = true): Section => ({
  key,
  title: key,
  count,
  hits: isLoaded ? photos(count, key) : null,
  again: null,
});
const lay = (sections: readonly Section[]) =>
  arrange(
    sections,
    (hits) => justify(hits, WIDTH),
    ({ count }) => estimate(count, WIDTH),
  );

const SOME = [section("2019-05", 30), section("2019-04", 500, false), section("none", 7)];

describe("photos by month", () => {
  it("lie below their headings, in the order of all that are loaded", () => {
    const { parts, boxes, rows, height } = lay(SOME);
    expect(boxes.length).toBe(37);
    expect(parts.map(({ from, to, before }) => [from, to, before])).toEqual([[0, 30, 0], [30, 30, 30], [30, 37, 530]]);
    for (const { y, height, from, to } of parts)
      for (const box of boxes.slice(from, to)) {
        expect(box.y).toBeGreaterThanOrEqual(y + HEADING);
        expect(box.y + box.height).toBeLessThanOrEqual(y + height);
      }
    expect(rows.at(-1)).toMatchObject({ to: 37 });
    expect(rows.every((row, n) => n === 0 || row.from === rows[n - 1]!.to)).toBe(true);
    const last = parts.at(-1)!;
    expect(height).toBe(last.y + last.height - GAP);
  });

  it("take about as much room as was thought before they were loaded", () => {
    const real = lay([section("2019-05", 400)]).height;
    const thought = lay([section("2019-05", 400, false)]).height;
    expect(thought / real).toBeGreaterThan(0.7);
    expect(thought / real).toBeLessThan(1.4);
  });

  it.each([[-50, 0], [0, 0], [4000, 1], [1e9, 2]])("at %d is part %d", (y, index) => {
    expect(partAt(lay(SOME).parts, y)).toBe(index);
  });

  it("stay where they are when others above them are loaded", () => {
    const before = lay([section("a", 500, false), section("b", 40), section("c", 40)]);
    const now = lay([section("a", 500), section("b", 40), section("c", 40)]);
    const photo = before.boxes[50]!;
    const moved = (n: number) => now.parts[n]!.y - before.parts[n]!.y;
    expect(moved(1)).not.toBe(0);
    expect(shiftAt(before.parts, now.parts, photo.y + 20, 100)).toBe(moved(1));
    expect(shiftAt(before.parts, now.parts, 0, 1e6)).toBe(0);
    const end = before.parts[1]!.y;
    expect(shiftAt(before.parts, now.parts, end - 50, 800)).toBe(moved(1));
    // Of a section that fills the window, about the same part stays in sight.
    const half = (before.parts[0]!.height + HEADING) / 2;
    const shift = shiftAt(before.parts, now.parts, half, 800);
    expect(half + shift).toBeCloseTo((now.parts[0]!.height + HEADING) / 2, -1);
  });
});
