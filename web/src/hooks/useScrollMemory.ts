import { useEffect, useLayoutEffect, useRef } from "react";
import { usePlace } from "../place";

/** Going back returns to where the user was; a new address starts at the top. */
export function useScrollMemory(isOverlay: boolean): void {
  const { key, kind } = usePlace();
  const places = useRef(new Map<string, number>());
  const shown = useRef(key);
  /** Whether there was nothing yet but the photo that the page was loaded with. */
  const isFirst = useRef(isOverlay);

  useEffect(() => {
    const keep = () => places.current.set(shown.current, window.scrollY);
    window.addEventListener("scroll", keep, { passive: true });
    return () => window.removeEventListener("scroll", keep);
  }, []);

  useLayoutEffect(() => {
    if (shown.current === key) return;
    const before = places.current.get(shown.current) ?? window.scrollY;
    const isBelow = isFirst.current && kind !== "push";
    shown.current = key;
    isFirst.current &&= isOverlay;
    if (isOverlay) {
      places.current.set(key, before); // the results behind an open photo do not move
      return;
    }
    const known = kind === "pop" ? places.current.get(key) : undefined;
    // Below a photo that the page was loaded with, the screen has begun where it should.
    if (known === undefined && isBelow) return;
    const place = known ?? 0;
    window.scrollTo(0, place);
    // Again once the rows of a screen that was not rendered have their heights.
    const frame = requestAnimationFrame(() => window.scrollTo(0, place));
    return () => cancelAnimationFrame(frame);
  }, [key, kind, isOverlay]);
}
