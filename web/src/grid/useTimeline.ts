import { type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { Hit } from "../types";
import { justify, type Layout } from "./justify";
import { arrange, estimate, HEADING, partAt, type Section, shiftAt, type Timeline } from "./timeline";

/** What of the window's upper edge the header covers. */
export const COVERED = 72;
/** Sections are asked for once the user stays at them so long. */
const REST_MS = 100;

/** The layout of sections; null where there are none. What is not on the screen is not computed again. */
export function useTimeline(sections: readonly Section[] | null, width: number): Timeline | null {
  const known = useRef({ width, layouts: new WeakMap<readonly Hit[], Layout>(), heights: new Map<string, number>() });
  return useMemo(() => {
    if (!sections || !width) return null;
    if (known.current.width !== width) known.current = { width, layouts: new WeakMap(), heights: new Map() };
    const { layouts, heights } = known.current;
    const layoutOf = (hits: readonly Hit[]) => {
      const layout = layouts.get(hits) ?? justify(hits, width);
      layouts.set(hits, layout);
      return layout;
    };
    const timeline = arrange(sections, layoutOf, ({ key, count }) => heights.get(key) ?? estimate(count, width));
    // Of photos that are not kept in memory, their room is.
    sections.forEach(({ key, hits }) => hits && heights.set(key, layoutOf(hits).height));
    return timeline;
  }, [sections, width]);
}

/** So much that the last section, too, can be scrolled to the top. */
export function roomOf({ parts }: Timeline): string {
  return `calc(${parts.at(-1)?.y ?? 0}px + 100dvh - ${COVERED}px)`;
}

interface Options {
  container: RefObject<HTMLElement | null>;
  timeline: Timeline | null;
  sections: readonly Section[] | null;
  /** The section to begin at; "" for the first one. */
  start: string;
  onSee: ((keys: readonly string[], top: string) => void) | undefined;
}

/** The sections within a screen's height of the window: from the first to the last. */
export function useInSight({ container, timeline, sections, start, onSee }: Options): readonly [number, number] {
  const [seen, setSeen] = useState<readonly [number, number, number]>([0, 0, 0]);
  const parts = timeline?.parts;
  const isBegun = useRef(false);
  const before = useRef(parts);

  useLayoutEffect(() => {
    const element = container.current;
    if (!parts?.length || !element) return;
    const top = element.getBoundingClientRect().top;
    const old = before.current;
    before.current = parts;
    if (isBegun.current) {
      const shift = old && old !== parts ? shiftAt(old, parts, COVERED - top, window.innerHeight - COVERED) : 0;
      if (shift) window.scrollBy(0, shift);
      return;
    }
    isBegun.current = true;
    const index = sections?.findIndex(({ key }) => key === start) ?? -1;
    if (index <= 0) return;
    const begin = () => {
      const y = before.current?.[index]?.y ?? 0;
      window.scrollBy(0, element.getBoundingClientRect().top + y - COVERED);
    };
    begin();
    // Again after useScrollMemory has begun at the top.
    requestAnimationFrame(() => requestAnimationFrame(begin));
  }, [container, parts, sections, start]);

  useEffect(() => {
    if (!parts?.length) return;
    let frame = 0;
    const look = () => {
      frame = 0;
      const y = -(container.current?.getBoundingClientRect().top ?? 0);
      const places = [y - window.innerHeight, y + 2 * window.innerHeight, y + COVERED + HEADING];
      const [first, last, top] = places.map((place) => partAt(parts, place)) as [number, number, number];
      setSeen((old) => (old[0] === first && old[1] === last && old[2] === top ? old : [first, last, top]));
    };
    const later = () => (frame ||= requestAnimationFrame(look));
    look();
    window.addEventListener("scroll", later, { passive: true });
    window.addEventListener("resize", later);
    return () => {
      cancelAnimationFrame(frame);
      window.removeEventListener("scroll", later);
      window.removeEventListener("resize", later);
    };
  }, [container, parts]);

  const [first, last, top] = seen;
  const keys = sections?.slice(first, last + 1).map(({ key }) => key).join() ?? "";
  const topKey = sections?.[top]?.key ?? "";
  const latest = useRef(onSee);
  latest.current = onSee;
  useEffect(() => {
    if (!keys) return;
    const timer = setTimeout(() => latest.current?.(keys.split(","), topKey), REST_MS);
    return () => clearTimeout(timer);
  }, [keys, topKey]);
  return [first, last];
}
