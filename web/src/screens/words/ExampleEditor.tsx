import { imageAddress } from "../../api";
import { JudgeButtons } from "../../grid/JudgeButtons";
import controls from "../../parts/controls.module.css";
import { Icon } from "../../parts/Icon";
import { texts } from "../../texts";
import type { LearnedWord } from "../../types";
import styles from "./ExampleEditor.module.css";
import { ExampleLink } from "./Examples";
import examples from "./Examples.module.css";
import type { WordChanges } from "./useWordChanges";

/** The examples of a word, each of which can be turned into the opposite, or taken away. */
export function ExampleEditor({ word, changes }: { word: LearnedWord; changes: WordChanges }) {
  const name = word.word;
  const more = word.good + word.bad - word.examples.length;
  return (
    <ul className={styles.examples} aria-label={texts.examplesOf(name)}>
      {word.examples.map((example) => {
        const { id, good } = example;
        const verdict = good ? "good" : "bad";
        return (
          <li key={id} className={examples.example}>
            <ExampleLink word={name} example={example}>
              <img
                className={styles.image}
                src={imageAddress(id, 320)}
                alt={good ? texts.example : texts.counterexample}
                loading="lazy"
              />
            </ExampleLink>
            <div className={styles.buttons}>
              <JudgeButtons
                isPlain
                word={name}
                mark={verdict}
                onJudge={(next) => next !== verdict && changes.judge(name, id, next)}
              />
              <button
                type="button"
                className={controls.icon}
                aria-label={texts.removeExample}
                title={texts.removeExample}
                disabled={changes.running.has(name)}
                onClick={() => changes.remove(name, id, verdict)}
              >
                <Icon name="close" size={18} />
              </button>
            </div>
          </li>
        );
      })}
      {more > 0 && <li className={styles.more}>{texts.andMore(more)}</li>}
    </ul>
  );
}
