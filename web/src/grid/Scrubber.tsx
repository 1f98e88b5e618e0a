import { type KeyboardEvent, type PointerEvent, type RefObject, useEffect, useRef, useState } from "react";
import { UNDATED } from "../address";
import { texts } from "../texts";
import { partAt, type Section, type Timeline } from "./timeline";
import styles from "./Scrubber.module.css";
import { COVERED } from "./useTimeline";

interface Props {
  container: RefObject<HTMLElement | null>;
  sections: readonly Section[];
  timeline: Timeline;
}

/** Names of years stand at least this share of the track apart. */
const APART = 0.045;

/** Where each year begins, as a share of the height of all photos; not where names would overlap. */
export function yearsOf(sections: readonly Section[], { parts, height }: Timeline): [string, number][] {
  const years: [string, number][] = [];
  sections.forEach(({ key }, n) => {
    const [year, share] = [key.slice(0, 4), parts[n]!.y / height];
    const last = years.at(-1);
    if (key === UNDATED || last?.[0] === year || (last && share - last[1] < APART)) return;
    years.push([year, share]);
  });
  return years;
}

/** A bar at the side: where in time the window is, and how to get elsewhere. */
export function Scrubber({ container, sections, timeline }: Props) {
  const track = useRef<HTMLDivElement>(null);
  const [isHeld, setIsHeld] = useState(false);
  const [y, setY] = useState(0);
  const { parts, height } = timeline;
  const topOf = () => (container.current?.getBoundingClientRect().top ?? 0) + window.scrollY;
  useEffect(() => {
    let frame = 0;
    const look = () => {
      frame = 0;
      setY(Math.max(0, COVERED - (container.current?.getBoundingClientRect().top ?? 0)));
    };
    const later = () => (frame ||= requestAnimationFrame(look));
    look();
    window.addEventListener("scroll", later, { passive: true });
    return () => {
      cancelAnimationFrame(frame);
      window.removeEventListener("scroll", later);
    };
  }, [container, timeline]);
  if (sections.length < 2 || height < 2 * window.innerHeight) return null;

  const index = partAt(parts, y + 1);
  /** The section at the top at this moment; keys may come faster than the window is drawn. */
  const now = () => partAt(parts, COVERED + 1 - (container.current?.getBoundingClientRect().top ?? 0));
  const go = (to: number) => window.scrollTo(0, topOf() + to - COVERED);
  const goToPart = (to: number) => go(parts[Math.max(0, Math.min(parts.length - 1, to))]!.y);
  const goToPointer = ({ clientY }: PointerEvent) => {
    const box = track.current!.getBoundingClientRect();
    go(height * Math.max(0, Math.min(1, (clientY - box.top) / box.height)));
  };
  const year = (step: 1 | -1) => {
    let to = now();
    const own = sections[to]!.key.slice(0, 4);
    while (sections[to + step] && sections[to]!.key.slice(0, 4) === own) to += step;
    return to;
  };
  const keys: Readonly<Record<string, () => number>> = {
    ArrowDown: () => now() + 1,
    ArrowRight: () => now() + 1,
    ArrowUp: () => now() - 1,
    ArrowLeft: () => now() - 1,
    PageDown: () => year(1),
    PageUp: () => year(-1),
    Home: () => 0,
    End: () => parts.length - 1,
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const to = keys[event.key];
    if (!to) return;
    event.preventDefault();
    event.stopPropagation(); // the photos listen to arrows, too
    goToPart(to());
  };
  const title = sections[index]!.title;
  return (
    <div
      ref={track}
      className={styles.scrubber}
      data-held={isHeld || undefined}
      role="slider"
      tabIndex={0}
      aria-label={texts.goToDate}
      aria-orientation="vertical"
      aria-valuemin={1}
      aria-valuemax={sections.length}
      aria-valuenow={index + 1}
      aria-valuetext={title}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        if (event.button) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setIsHeld(true);
        goToPointer(event);
      }}
      onPointerMove={(event) => isHeld && goToPointer(event)}
      onPointerUp={() => setIsHeld(false)}
      onPointerCancel={() => setIsHeld(false)}
    >
      {yearsOf(sections, timeline).map(([name, share]) => (
        <span key={name} className={styles.year} style={{ top: `${100 * share}%` }} aria-hidden="true">
          {name}
        </span>
      ))}
      <span className={styles.thumb} style={{ top: `${Math.min(100, (100 * y) / height)}%` }} aria-hidden="true">
        <span className={styles.title}>{title}</span>
      </span>
    </div>
  );
}
