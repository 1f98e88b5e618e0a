import { type FormEvent, useEffect, useRef, useState } from "react";
import controls from "../../parts/controls.module.css";
import type { LearnedWord } from "../../types";
import styles from "./MergeDialog.module.css";
import { texts } from "../../texts";

interface Props {
  word: LearnedWord;
  others: readonly string[];
  onMerge: (into: string) => void;
  onClose: () => void;
}

/** Asks what a word is to be merged into, and says what will become of it. */
export function MergeDialog({ word, others, onMerge, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [into, setInto] = useState(others[0] ?? "");
  useEffect(() => dialog.current?.showModal(), []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    dialog.current?.close();
    onMerge(into);
  };
  return (
    <dialog ref={dialog} className={styles.dialog} onClose={onClose} aria-labelledby="merge-title">
      <form className={styles.form} onSubmit={submit}>
        <h2 id="merge-title">{texts.mergeWord(word.word)}</h2>
        <label className={styles.into}>
          {texts.into}
          <select
            className={controls.field}
            value={into}
            onChange={(event) => setInto(event.target.value)}
          >
            {others.map((other) => (
              <option key={other}>{other}</option>
            ))}
          </select>
        </label>
        <p>{texts.mergeSays(word.word, into, word.good, word.bad)}</p>
        <div className={styles.actions}>
          <button type="button" className={controls.button} onClick={() => dialog.current?.close()}>
            {texts.cancel}
          </button>
          <button type="submit" className={controls.primary}>
            {texts.merge}
          </button>
        </div>
      </form>
    </dialog>
  );
}
