/** Sections of photos below headings, of which some are loaded: all photos by month. */
import type { Hit } from "../types";
import { type Box, GAP, type Layout, type Row, rowHeight } from "./justify";

export interface Section {
  key: string;
  title: string;
  /** Photos, also while they are not loaded. */
  count: number;
  hits: readonly Hit[] | null;
  /** Asks again for photos that could not be loaded; null if they could. */
  again: (() => void) | null;
}

/** Where a section is; its photos are those from `from` to before `to` of all that are loaded. */
export interface Part {
  y: number;
  height: number;
  from: number;
  to: number;
  /** Photos in the sections before. */
  before: number;
}

export interface Timeline extends Layout {
  parts: readonly Part[];
}

/** Room for the heading of a section. */
export const HEADING = 52;
/** Width / height of most photos. */
const SHAPE = 1.4;

/** About how high the rows of so many photos will be. */
export function estimate(count: number, width: number): number {
  const target = rowHeight(width);
  const each = Math.max(1, Math.round(width / (SHAPE * target)));
  return Math.ceil(count / each) * (target + GAP) - GAP;
}

/** Place sections one below the other. */
export function arrange(
  sections: readonly Section[],
  layoutOf: (hits: readonly Hit[]) => Layout,
  heightOf: (section: Section) => number,
): Timeline {
  const rows: Row[] = [];
  const boxes: Box[] = [];
  const parts: Part[] = [];
  let y = 0;
  let before = 0;
  for (const section of sections) {
    const from = boxes.length;
    const layout = section.hits && layoutOf(section.hits);
    const top = y + HEADING;
    for (const row of layout?.rows ?? [])
      rows.push({ ...row, y: row.y + top, from: row.from + from, to: row.to + from });
    for (const box of layout?.boxes ?? []) boxes.push({ ...box, y: box.y + top });
    const height = HEADING + (layout ? layout.height : heightOf(section)) + GAP;
    parts.push({ y, height, from, to: boxes.length, before });
    y += height;
    before += section.count;
  }
  return { rows, boxes, parts, height: Math.max(0, y - GAP), divider: null };
}

/** The last part that begins at a place or above it. */
export function partAt(parts: readonly Part[], y: number): number {
  let [low, high] = [0, parts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (parts[middle]!.y <= y) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
}

/**
 * How far to scroll so that what is in a window stays there, though sections got other heights: the
 * first heading in sight or, where none is, what is at the window's upper edge.
 */
export function shiftAt(before: readonly Part[], now: readonly Part[], y: number, view: number): number {
  const index = partAt(before, y);
  const [old, fresh] = [before[index], now[index]];
  if (!old || !fresh || y < old.y) return 0;
  const inside = y - old.y;
  const next = before[index + 1];
  if (inside > HEADING && next && next.y < y + view) return (now[index + 1]?.y ?? next.y) - next.y;
  const rows = (inside - HEADING) / (old.height - HEADING);
  const kept = inside <= HEADING ? inside : HEADING + rows * (fresh.height - HEADING);
  return Math.round(fresh.y + kept - y);
}
