import type { Teaching } from "./useJudging";
import styles from "./LearningBar.module.css";
import { Icon } from "../../parts/Icon";

/** At the lower edge as soon as something was judged: what was learned, undo, done. */
export function LearningBar({ teaching }: { teaching: Teaching }) {
  const { learning, lesson } = teaching;
  if (!learning || !lesson.isBarOpen) return null;
  return (
    <section className={styles.bar} aria-label="Learning">
      <p className={styles.text}>
        learning <strong>{learning.word}</strong>:{" "}
        <span className={styles.good}>
          <Icon name="good" size={16} /> {learning.good} good
        </span>
        ,{" "}
        <span className={styles.bad}>
          <Icon name="bad" size={16} /> {learning.bad} bad
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
