import type { Teaching } from "./useJudging";
import styles from "./LearningBar.module.css";
import { Icon } from "../../parts/Icon";
import { counted } from "../../parts/verdicts";

/** At the bottom edge as soon as something is marked: what was learned, Undo, Done. */
export function LearningBar({ teaching }: { teaching: Teaching }) {
  const { learning, lesson } = teaching;
  if (!learning || !lesson.isBarOpen) return null;
  return (
    <section className={styles.bar} aria-label="Learning">
      <p className={styles.text}>
        Learning <strong>{learning.word}</strong>:{" "}
        <span className={styles.good}>
          <Icon name="good" size={16} /> {counted(learning.good, "good")}
        </span>
        ,{" "}
        <span className={styles.bad}>
          <Icon name="bad" size={16} /> {counted(learning.bad, "bad")}
        </span>
      </p>
      <button
        type="button"
        className={styles.button}
        disabled={!lesson.taught.length}
        onClick={teaching.undoLast}
      >
        Undo
      </button>
      <button type="button" className={styles.button} onClick={teaching.close}>
        Done
      </button>
    </section>
  );
}
