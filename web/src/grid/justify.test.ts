import { describe, expect, it, test } from "vitest";
import { DIVIDER, GAP, justify, rowHeight, step, type Shaped } from "./justify";

const photos: Shaped[] = Array.from({ length: 60 }, (_, n) => ({
  id: `${n}`,
  width: 400 + ((n * 137) % 900),
  height: 300 + ((n * 71) % 700),
}));

describe("justified rows", () => {
  it("fill the width exactly, but for the last row", () => {
    const { rows, boxes } = justify(photos, 1200);
    for (const row of rows.slice(0, -1)) {
      const last = boxes[row.to - 1]!;
      expect(last.x + last.width).toBe(1200);
    }
  });

  it("keep the shape of every photo within a pixel or two", () => {
    const { boxes } = justify(photos, 1200);
    boxes.forEach(({ width, height }, n) => {
      const shape = Math.min(3.2, Math.max(0.45, photos[n]!.width / photos[n]!.height));
      expect(Math.abs(width - shape * height)).toBeLessThan(6);
    });
  });

  it("do not move when more photos come", () => {
    const some = justify(photos.slice(0, 30), 900, true);
    const all = justify(photos, 900);
    expect(all.boxes.slice(0, some.boxes.length)).toEqual(some.boxes);
  });

  it("never overlap", () => {
    const { boxes } = justify(photos, 700);
    boxes.forEach((a, n) => {
      const b = boxes[n + 1];
      if (b) expect(b.y > a.y ? b.y - a.y >= a.height + GAP : b.x - a.x >= a.width + GAP).toBe(true);
    });
  });

  it("make a single photo no larger than a row", () => {
    const { boxes } = justify([{ id: "a", width: 4000, height: 3000 }], 1200);
    expect(boxes[0]!.height).toBe(rowHeight(1200));
  });

  it("crop a strip and a panorama, and survive unknown shapes", () => {
    const odd = [
      { id: "a", width: 10, height: 5000 },
      { id: "b", width: 9000, height: 10 },
      { id: "c", width: 0, height: 0 },
    ];
    for (const box of justify(odd, 1200).boxes) expect(box.width).toBeGreaterThan(50);
  });
});

describe("arrow keys", () => {
  const layout = justify(photos, 1000);

  it("stay inside", () => {
    expect(step(layout, 0, "left")).toBe(0);
    expect(step(layout, 0, "up")).toBe(0);
    expect(step(layout, 59, "right")).toBe(59);
    expect(step(layout, 59, "down")).toBe(59);
  });

  it("go down to the photo below, and up again to one above it", () => {
    const down = step(layout, 1, "down");
    const [from, to] = [layout.boxes[1]!, layout.boxes[down]!];
    expect(to.y).toBeGreaterThan(from.y);
    expect(to.x).toBeLessThanOrEqual(from.x + from.width / 2);
    expect(layout.boxes[step(layout, down, "up")]!.y).toBe(from.y);
  });
});

test("a second part begins in a row of its own, below room for a line", () => {
  const photos = Array.from({ length: 9 }, (_, n) => ({ id: `${n}`, width: 300, height: 200 }));
  const { rows, boxes, divider } = justify(photos, 1000, false, 5);
  expect(rows.some(({ to }) => to === 5)).toBe(true);
  const [before, after] = [boxes[4]!, boxes[5]!];
  expect(divider).toBe(before.y + before.height + GAP);
  expect(after).toMatchObject({ x: 0, y: divider! + DIVIDER });
  expect(justify(photos, 1000).divider).toBeNull();
  expect(justify(photos, 1000, false, 5).boxes.slice(0, 3)).toEqual(justify(photos, 1000).boxes.slice(0, 3));
});
