import type { ReactNode } from "react";
import { Link } from "../../place";
import { imageAddress } from "../../api";
import { NOTHING, photoAddress } from "../../address";
import { Icon } from "../../parts/Icon";
import type { LearnedWord } from "../../types";
import styles from "./Examples.module.css";
import { texts } from "../../texts";

const FIRST = 6;

/** The photos that taught a word; uploaded pictures among them are not in the library. */
export function Examples({ word }: { word: LearnedWord }) {
  const more = word.good + word.bad - FIRST;
  if (!word.examples.length) return null;
  return (
    <ul className={styles.examples} aria-label={texts.examplesOf(word.word)}>
      {word.examples.slice(0, FIRST).map((example) => {
        const { id, good } = example;
        const verdict = good ? "good" : "bad";
        const image = (
          <>
            <img className={styles.image} src={imageAddress(id, 160)} alt={good ? texts.example : texts.counterexample} />
            <span className={styles.mark} data-verdict={verdict}>
              <Icon name={verdict} size={12} />
            </span>
          </>
        );
        return (
          <li key={id} className={styles.example}>
            <ExampleLink word={word.word} example={example}>
              {image}
            </ExampleLink>
          </li>
        );
      })}
      {more > 0 && <li className={styles.more}>{texts.andMore(more)}</li>}
    </ul>
  );
}

interface LinkProps {
  word: string;
  example: LearnedWord["examples"][number];
  children: ReactNode;
}

/** Opens an example; of one that is not in the library only a thumbnail is kept, which opens by itself. */
export function ExampleLink({ word, example, children }: LinkProps) {
  const { id, in_library } = example;
  if (in_library) return <Link to={photoAddress(id, { ...NOTHING, words: word })}>{children}</Link>;
  return (
    <a href={imageAddress(id)} target="_blank" rel="noreferrer" title={texts.uploadedPicture}>
      {children}
      <span className={styles.uploaded}>
        <Icon name="upload" size={12} />
        <span className="visually-hidden">{texts.uploaded}</span>
      </span>
    </a>
  );
}
