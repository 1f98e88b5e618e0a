import type { Teaching } from "./useJudging";
import styles from "../../parts/bar.module.css";
import { Icon } from "../../parts/Icon";
import { texts } from "../../texts";
import { fill } from "../../texts/fill";

/** At the bottom edge as soon as something is marked: what was learned, Undo, Done. */
export function LearningBar({ teaching }: { teaching: Teaching }) {
  const { learning, lesson } = teaching;
  if (!learning || !lesson.isBarOpen) return null;
  return (
    <section className={styles.bar} aria-label={texts.learning}>
      <p className={styles.text}>
        {fill(
          texts.learningWord,
          <strong>{learning.word}</strong>,
          <span className={styles.good}>
            <Icon name="good" size={16} /> {texts.counted(learning.good, "good")}
          </span>,
          <span className={styles.bad}>
            <Icon name="bad" size={16} /> {texts.counted(learning.bad, "bad")}
          </span>,
        )}
      </p>
      <button
        type="button"
        className={styles.button}
        disabled={!lesson.taught.length && !lesson.pending.size}
        onClick={teaching.undoLast}
      >
        {texts.undo}
      </button>
      <button type="button" className={styles.button} onClick={teaching.close}>
        {texts.done}
      </button>
    </section>
  );
}
