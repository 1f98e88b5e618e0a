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
  const seen = useRef<string[]>([]);
  useEffect(() => {
    if (opened) {
      seen.current.push(opened);
      return;
    }
    const [first] = seen.current;
    // Photos like an open one may not be here; those of another month may have come meanwhile.
    const last = seen.current.findLast((id) => hits.some((hit) => hit.id === id));
    seen.current = [];
    if (!last) return;
    select(last);
    if (last === first) return; // it is where the user left it
    const place = hits.findIndex(({ id }) => id === last);
    const row = layout.rows.findIndex(({ from, to }) => from <= place && place < to);
    // After the frame in which useScrollMemory has gone back to the old place.
    const frame = requestAnimationFrame(() => requestAnimationFrame(() => reveal(row)));
    return () => cancelAnimationFrame(frame);
  }, [opened]);
}
