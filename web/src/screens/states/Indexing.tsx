import type { Indexing } from "../../types";
import { progressText } from "./progressText";
import styles from "./states.module.css";

/** The progress of a running `magpie index`. */
export function Progress({ indexing }: { indexing: Indexing }) {
  const { phase, done, total } = indexing;
  const isCounted = phase === "reading" && total > 0;
  return (
    <div className={styles.indexing}>
      <span id="indexing-text">{progressText(indexing)}</span>
      <progress
        className={styles.progress}
        aria-labelledby="indexing-text"
        {...(isCounted && { value: done, max: total })}
      />
    </div>
  );
}
