import { useEffect, useRef, useState } from "react";
import { Link } from "../../place";
import { asWords, NOTHING, searchAddress } from "../../address";
import { focusOn } from "../../hooks/keepFocus";
import { Icon } from "../../parts/Icon";
import controls from "../../parts/controls.module.css";
import { ago } from "../../parts/time";
import type { LearnedWord } from "../../types";
import { BestPhotos } from "./BestPhotos";
import { ExampleEditor } from "./ExampleEditor";
import { Examples } from "./Examples";
import { MergeDialog } from "./MergeDialog";
import { NewName } from "./NewName";
import type { WordChanges } from "./useWordChanges";
import styles from "./WordCard.module.css";
import { texts } from "../../texts";

interface Props {
  word: LearnedWord;
  /** The words that it can be merged into. */
  others: readonly string[];
  changes: WordChanges;
}

/** A learned word: what it finds, what taught it, and how to change it. */
export function WordCard({ word, others, changes }: Props) {
  const [isRenaming, setIsRenaming] = useState(false);
  const [isMerging, setIsMerging] = useState(false);
  const [isEditing, setIsEditing] = useState(false);
  const name = word.word;
  const isBusy = changes.running.has(name);
  const card = useRef<HTMLLIElement>(null);
  const isNew = changes.became === name;
  useEffect(() => {
    if (isNew && card.current) focusOn(card.current);
  }, [isNew]);
  const address = searchAddress({ ...NOTHING, words: asWords(name) });
  return (
    <li ref={card} className={styles.card} aria-label={name}>
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
            <Icon name="good" size={16} /> {texts.counted(word.good, "good")}
          </span>
          <span className={styles.bad}>
            <Icon name="bad" size={16} /> {texts.counted(word.bad, "bad")}
          </span>
          <span className={styles.changed}>{ago(word.changed)}</span>
        </p>
        {isEditing ? <ExampleEditor word={word} changes={changes} /> : <Examples word={word} />}
        <div className={styles.actions}>
          <button
            type="button"
            className={controls.button}
            aria-label={texts.renameWord(name)}
            disabled={isBusy}
            onClick={() => setIsRenaming(!isRenaming)}
          >
            {texts.rename}
          </button>
          {word.examples.length > 0 && (
            <button
              type="button"
              className={controls.button}
              aria-label={isEditing ? undefined : texts.editExamplesOf(name)}
              aria-expanded={isEditing}
              onClick={() => setIsEditing(!isEditing)}
            >
              {isEditing ? texts.done : texts.editExamples}
            </button>
          )}
          {others.length > 0 && (
            <button
              type="button"
              className={controls.button}
              aria-label={texts.mergeWord(name)}
              disabled={isBusy}
              onClick={() => setIsMerging(true)}
            >
              {texts.mergeDots}
            </button>
          )}
          <button
            type="button"
            className={controls.button}
            aria-label={texts.forgetWord(name)}
            disabled={isBusy}
            onClick={() => changes.forget(name)}
          >
            {texts.forget}
          </button>
        </div>
        {isMerging && (
          <MergeDialog
            word={word}
            others={others}
            onMerge={(into) => changes.merge(name, into)}
            onClose={() => setIsMerging(false)}
          />
        )}
      </div>
    </li>
  );
}
