import type { Indexing } from "../../types";
import styles from "./states.module.css";

const PHASES = {
  looking: "Looking for photos",
  reading: "Reading photos",
  linking: "Finding similar photos",
} as const;

/** The progress of a running `magpie index`. */
export function Progress({ indexing }: { indexing: Indexing }) {
  const { phase, done, total } = indexing;
  const isCounted = phase === "reading" && total > 0;
  const text = isCounted
    ? `${PHASES[phase]}: ${done.toLocaleString("en")} of ${total.toLocaleString("en")}`
    : PHASES[phase];
  return (
    <div className={styles.indexing}>
      <span id="indexing-text">{text}</span>
      <progress
        className={styles.progress}
        aria-labelledby="indexing-text"
        {...(isCounted && { value: done, max: total })}
      />
    </div>
  );
}
