import { useEffect, useRef } from "react";
import type { Hit } from "../types";
import type { Layout } from "./justify";

interface Options {
  opened: string | null;
  hits: readonly Hit[];
  layout: Layout;
  select: (id: string) => void;
  /** Scroll to a row. */
  reveal: (row: number) => void;
}

/** Back from open photos, the one seen last is selected, in sight and has the focus. */
export function useReturn({ opened, hits, layout, select, reveal }: Options): void {
  const seen = useRef<{ first: string; last: string } | null>(null);
  useEffect(() => {
    const before = seen.current;
    if (opened) {
      const isHit = !before || hits.some(({ id }) => id === opened);
      seen.current = { first: before?.first ?? opened, last: isHit ? opened : before.last };
      return;
    }
    seen.current = null;
    const place = before ? hits.findIndex(({ id }) => id === before.last) : -1;
    if (!before || place < 0) return;
    select(before.last);
    if (before.last === before.first) return; // it is where the user left it
    const row = layout.rows.findIndex(({ from, to }) => from <= place && place < to);
    // After the frame in which useScrollMemory has gone back to the old place.
    const frame = requestAnimationFrame(() => requestAnimationFrame(() => reveal(row)));
    return () => cancelAnimationFrame(frame);
  }, [opened]);
}
