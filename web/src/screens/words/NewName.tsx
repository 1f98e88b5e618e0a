import { type FormEvent, useState } from "react";
import controls from "../../parts/controls.module.css";
import styles from "./NewName.module.css";
import { texts } from "../../texts";

interface Props {
  word: string;
  onName: (name: string) => void;
  onCancel: () => void;
}

/** The field that renames a word. */
export function NewName({ word, onName, onCancel }: Props) {
  const [name, setName] = useState(word);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() && name.trim() !== word) onName(name.trim());
    else onCancel();
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <input
        className={controls.field}
        aria-label={texts.newName(word)}
        value={name}
        autoFocus
        onFocus={(event) => event.target.select()}
        onChange={(event) => setName(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && onCancel()}
      />
      <button type="submit" className={controls.primary}>
        {texts.save}
      </button>
    </form>
  );
}
