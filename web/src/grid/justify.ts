/** Justified rows: photos keep their shape, every row is as wide as the window. */

export interface Shaped {
  id: string;
  width: number;
  height: number;
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Row {
  y: number;
  height: number;
  /** Indices of the first photo and of the one after the last. */
  from: number;
  to: number;
}

export interface Layout {
  rows: readonly Row[];
  boxes: readonly Box[];
  height: number;
  /** Where the line before the second part of the photos begins; null if there is one part. */
  divider: number | null;
}

export const GAP = 4;
/** Room for a line between two parts of the photos. */
export const DIVIDER = 56;
/** Narrower and wider photos are cropped to these shapes, so that rows keep their height. */
const NARROWEST = 0.45;
const WIDEST = 3.2;

export function shapeOf(photo: Shaped): number {
  const shape = photo.width && photo.height ? photo.width / photo.height : 1;
  return Math.min(WIDEST, Math.max(NARROWEST, shape));
}

/** The target height of rows for a window's width, in CSS pixels. */
export function rowHeight(width: number): number {
  if (width < 500) return 132;
  if (width < 1000) return 180;
  return width < 1800 ? 220 : 260;
}

/**
 * Place photos. Rows depend only on the photos before them, so more photos at the end move nothing;
 * for the same reason an incomplete last row is left out while `hasMore`. From the photo `second` on
 * they are a part of their own, below a line.
 */
export function justify(
  photos: readonly Shaped[],
  width: number,
  hasMore = false,
  second = Infinity,
): Layout {
  const target = rowHeight(width);
  const rows: Row[] = [];
  const boxes: Box[] = [];
  let y = 0;
  let from = 0;
  let shapes: number[] = [];
  let sum = 0;

  const place = (height: number, isFull: boolean) => {
    let x = 0;
    shapes.forEach((shape, index) => {
      const isLast = isFull && index === shapes.length - 1;
      const wide = isLast ? width - x : Math.round(shape * height);
      boxes.push({ x, y, width: wide, height });
      x += wide + GAP;
    });
    rows.push({ y, height, from, to: from + shapes.length });
    y += height + GAP;
    from += shapes.length;
    shapes = [];
    sum = 0;
  };
  const fitting = () => (width - GAP * (shapes.length - 1)) / sum;

  const placeRest = () => place(Math.round(Math.min(target, fitting())), false);

  let divider: number | null = null;
  for (const [index, photo] of photos.entries()) {
    if (index === second) {
      if (shapes.length) placeRest();
      divider = y;
      y += DIVIDER;
    }
    shapes.push(shapeOf(photo));
    sum += shapeOf(photo);
    if (fitting() <= target * 1.15) place(Math.round(fitting()), true);
  }
  if (shapes.length && !hasMore) placeRest();
  return { rows, boxes, height: Math.max(0, y - GAP), divider };
}

export type Direction = "left" | "right" | "up" | "down";

/** The index an arrow key moves to; up and down aim at the middle of the photo. */
export function step(layout: Layout, index: number, direction: Direction): number {
  const last = layout.boxes.length - 1;
  if (direction === "left") return Math.max(0, index - 1);
  if (direction === "right") return Math.min(last, index + 1);
  const at = layout.rows.findIndex((row) => index < row.to);
  const row = layout.rows[at + (direction === "up" ? -1 : 1)];
  const box = layout.boxes[index];
  if (!row || !box) return index;
  const middle = box.x + box.width / 2;
  for (let next = row.from; next < row.to; next++) {
    const { x, width } = layout.boxes[next]!;
    if (middle <= x + width + GAP) return next;
  }
  return row.to - 1;
}
