import { useEffect, useLayoutEffect, useRef } from "react";
import { useLocation, useNavigationType } from "react-router";

/** Going back leads to the place that one left; a new address begins at its top. */
export function useScrollMemory(isOverlay: boolean): void {
  const { key } = useLocation();
  const kind = useNavigationType();
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
      places.current.set(key, before); // what is behind an open photo does not move
      return;
    }
    const place = kind === "POP" ? (places.current.get(key) ?? 0) : 0;
    window.scrollTo(0, place);
    // Once more when the rows of a screen that was away have their heights again.
    const frame = requestAnimationFrame(() => window.scrollTo(0, place));
    return () => cancelAnimationFrame(frame);
  }, [key, kind, isOverlay]);
}
