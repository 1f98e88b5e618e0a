import type { ReactNode } from "react";
import { Retry } from "../parts/Retry";
import { texts } from "../texts";
import styles from "./Months.module.css";
import { HEADING, type Section, type Timeline } from "./timeline";

interface Props {
  sections: readonly Section[];
  timeline: Timeline;
  /** The first and the last section near the window. */
  sight: readonly [number, number];
  /** The photos near the window. */
  from: number;
  to: number;
  tiles: (from: number, to: number, before: number) => ReactNode;
}

/** The sections near the window, each a heading and its photos, or the room that they will take. */
export function Months({ sections, timeline, sight, from, to, tiles }: Props) {
  const [first, last] = sight;
  return sections.slice(first, last + 1).map((section, n) => {
    const part = timeline.parts[first + n]!;
    const room = { top: part.y + HEADING, height: part.height - HEADING };
    return [
      <li key={section.key} className={styles.heading} style={{ top: part.y, height: HEADING }}>
        <h2>{section.title}</h2> <span className={styles.count}>{texts.photoCount(section.count)}</span>
      </li>,
      !section.hits && (
        <li key={`${section.key} room`} className={styles.room} style={room}>
          {section.again && <Retry text={texts.noPhotosOf} isBusy={false} again={section.again} />}
        </li>
      ),
      tiles(Math.max(from, part.from), Math.min(to, part.to), part.before - part.from),
    ];
  });
}
