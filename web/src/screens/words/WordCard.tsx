import { useState } from "react";
import { Link } from "react-router";
import { NOTHING, searchAddress } from "../../address";
import { Icon } from "../../parts/Icon";
import controls from "../../parts/controls.module.css";
import { ago } from "../../parts/time";
import { counted } from "../../parts/verdicts";
import type { LearnedWord } from "../../types";
import { BestPhotos } from "./BestPhotos";
import { Examples } from "./Examples";
import { NewName } from "./NewName";
import type { WordChanges } from "./useWordChanges";
import styles from "./WordCard.module.css";

interface Props {
  word: LearnedWord;
  others: readonly string[];
  changes: WordChanges;
}

/** A learned word: what it finds, what taught it, and how to change it. */
export function WordCard({ word, others, changes }: Props) {
  const [isRenaming, setIsRenaming] = useState(false);
  const name = word.word;
  const address = searchAddress({ ...NOTHING, words: name });
  return (
    <li className={styles.card}>
      <BestPhotos word={name} address={address} />
      <div className={styles.body}>
        {isRenaming ? (
          <NewName
            word={name}
            onCancel={() => setIsRenaming(false)}
            onName={(next) => {
              setIsRenaming(false);
              changes.rename(name, next);
            }}
          />
        ) : (
          <h2 className={styles.name}>
            <Link to={address}>{name}</Link>
          </h2>
        )}
        <p className={styles.counts}>
          <span className={styles.good}>
            <Icon name="good" size={16} /> {counted(word.good, "good")}
          </span>
          <span className={styles.bad}>
            <Icon name="bad" size={16} /> {counted(word.bad, "bad")}
          </span>
          <span className={styles.changed}>{ago(word.changed)}</span>
        </p>
        <Examples word={word} />
        <div className={styles.actions}>
          <button
            type="button"
            className={controls.button}
            aria-label={`Rename ${name}`}
            onClick={() => setIsRenaming(!isRenaming)}
          >
            Rename
          </button>
          {others.length > 0 && (
            <select
              className={styles.merge}
              aria-label={`Merge ${name} into`}
              value=""
              onChange={(event) => changes.merge(name, event.target.value)}
            >
              <option value="">Merge…</option>
              {others.map((other) => (
                <option key={other}>{other}</option>
              ))}
            </select>
          )}
          <button
            type="button"
            className={controls.button}
            aria-label={`Forget ${name}`}
            onClick={() => changes.forget(name)}
          >
            Forget
          </button>
        </div>
      </div>
    </li>
  );
}
