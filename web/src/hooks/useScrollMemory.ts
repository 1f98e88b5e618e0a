import { useEffect, useLayoutEffect, useRef } from "react";
import { usePlace } from "../place";

/** Going back returns to where the user was; a new address starts at the top. */
export function useScrollMemory(isOverlay: boolean): void {
  const { key, kind } = usePlace();
  const places = useRef(new Map<string, number>());
  const shown = useRef(key);

  useEffect(() => {
    const keep = () => places.current.set(shown.current, window.scrollY);
    window.addEventListener("scroll", keep, { passive: true });
    return () => window.removeEventListener("scroll", keep);
  }, []);

  useLayoutEffect(() => {
    if (shown.current === key) return;
    const before = places.current.get(shown.current) ?? window.scrollY;
    shown.current = key;
    if (isOverlay) {
      places.current.set(key, before); // the results behind an open photo do not move
      return;
    }
    const place = kind === "pop" ? (places.current.get(key) ?? 0) : 0;
    window.scrollTo(0, place);
    // Again once the rows of a screen that was not rendered have their heights.
    const frame = requestAnimationFrame(() => window.scrollTo(0, place));
    return () => cancelAnimationFrame(frame);
  }, [key, kind, isOverlay]);
}
