import { Link } from "react-router";
import { imageAddress } from "../../api";
import { NOTHING, photoAddress } from "../../address";
import { Icon } from "../../parts/Icon";
import type { LearnedWord } from "../../types";
import styles from "./Examples.module.css";

const FIRST = 6;

/** The photos that taught a word; uploaded pictures among them are not in the library. */
export function Examples({ word }: { word: LearnedWord }) {
  const more = word.good + word.bad - FIRST;
  if (!word.examples.length) return null;
  return (
    <ul className={styles.examples} aria-label={`Examples of ${word.word}`}>
      {word.examples.slice(0, FIRST).map(({ id, good, in_library }) => {
        const verdict = good ? "good" : "bad";
        const image = (
          <>
            <img className={styles.image} src={imageAddress(id, 160)} alt={good ? "Example" : "Counterexample"} />
            <span className={styles.mark} data-verdict={verdict}>
              <Icon name={verdict} size={12} />
            </span>
          </>
        );
        const address = photoAddress(id, { ...NOTHING, words: word.word });
        return (
          <li key={id} className={styles.example}>
            {in_library ? <Link to={address}>{image}</Link> : <span title="Uploaded picture">{image}</span>}
          </li>
        );
      })}
      {more > 0 && <li className={styles.more}>and {more} more</li>}
    </ul>
  );
}
