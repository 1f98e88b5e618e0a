import { type RefObject, useLayoutEffect, useRef } from "react";
import type { Box } from "./justify";

const MOVE_MS = 200;

interface Seen {
  places: ReadonlyMap<string, Box>;
  ranking: unknown;
  subject: string;
}

function asksForLessMotion(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/**
 * Animate photos from their old places to the new ones when the ranking of the same subject changes
 * (first, last, invert, play). The layout knows all places already, so nothing is measured.
 */
export function useReorder(
  container: RefObject<HTMLElement | null>,
  places: ReadonlyMap<string, Box>,
  ranking: unknown,
  subject: string,
): void {
  const seen = useRef<Seen | null>(null);
  useLayoutEffect(() => {
    const before = seen.current;
    seen.current = { places, ranking, subject };
    if (!before || before.subject !== subject || before.ranking === ranking) return;
    if (asksForLessMotion()) return;
    for (const tile of container.current?.children ?? []) {
      const id = (tile as HTMLElement).dataset["id"] ?? "";
      const to = places.get(id);
      if (to) move(tile, before.places.get(id), to);
    }
  });
}

function move(tile: Element, from: Box | undefined, to: Box): void {
  const timing = { duration: MOVE_MS, easing: "ease-out" };
  if (!from) {
    tile.animate([{ opacity: 0 }, { opacity: 1 }], timing);
    return;
  }
  const shift = from.x - to.x || from.y - to.y;
  if (!shift && from.width === to.width && from.height === to.height) return;
  // A photo from far off starts at the edge of the viewport.
  const far = window.innerHeight;
  const y = to.y + Math.max(-far, Math.min(far, from.y - to.y));
  const scale = `scale(${from.width / to.width}, ${from.height / to.height})`;
  tile.animate(
    [
      { transform: `translate(${from.x}px, ${y}px) ${scale}`, zIndex: 1 },
      { transform: `translate(${to.x}px, ${to.y}px)`, zIndex: 1 },
    ],
    timing,
  );
}
