import { useEffect, useRef } from "react";
import { usePlace } from "../place";
import type { Hit } from "../types";

interface Options {
  opened: string | null;
  /** The photo that the page was loaded with; it may be closed before any photos are here. */
  first: string | null;
  hits: readonly Hit[];
  select: (id: string) => void;
  /** Scroll to a photo that is not wholly in sight; to one that the user left, only if nothing of it is. */
  reveal: (id: string, isLeft: boolean) => void;
}

/** By these users look elsewhere before the photo has come. */
const ACTS = ["wheel", "pointerdown", "keydown"];

/** Back from open photos, the one seen last is selected, in sight and has the focus. */
export function useReturn({ opened, first, hits, select, reveal }: Options): void {
  const { kind } = usePlace();
  const seen = useRef<string[]>(first ? [first] : []);
  /** Whether the first of them was opened here: a page that is loaded with it is elsewhere. */
  const isFromHere = useRef(!first && !opened);
  const frame = useRef(0);
  const latest = useRef(reveal);
  latest.current = reveal;
  const forget = () => {
    seen.current = [];
    isFromHere.current = true;
  };
  useEffect(() => {
    if (opened) {
      seen.current.push(opened);
      return;
    }
    ACTS.forEach((act) => window.addEventListener(act, forget, true));
    return () => {
      ACTS.forEach((act) => window.removeEventListener(act, forget, true));
      cancelAnimationFrame(frame.current);
    };
  }, [opened]);
  useEffect(() => {
    if (opened) return;
    if (kind === "push") return forget(); // on to another search, not back
    // Photos like an open one may not be here; those of another month may still be on their way.
    const last = seen.current.findLast((id) => hits.some((hit) => hit.id === id));
    if (!last) return;
    const isLeft = isFromHere.current && last === seen.current[0];
    forget();
    // After the frame in which useScrollMemory has gone back to the old place. A photo that leaves
    // the page as this scrolls would lose the focus to its neighbour.
    frame.current = requestAnimationFrame(() => {
      frame.current = requestAnimationFrame(() => {
        latest.current(last, isLeft);
        select(last);
      });
    });
  }, [opened, hits, kind]);
}
