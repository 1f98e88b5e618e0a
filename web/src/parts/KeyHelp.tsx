import { useEffect, useRef } from "react";
import controls from "./controls.module.css";
import styles from "./KeyHelp.module.css";
import { texts } from "../texts";

type Action = keyof typeof texts.keyList;

const KEYS: readonly (readonly [Action, ...string[]])[] = [
  ["search", "/"],
  ["move", "←", "→", "↑", "↓"],
  ["good", "g", "+"],
  ["bad", "b", "-"],
  ["undo", "u"],
  ["zoom", "z"],
  ["full", "f"],
  ["choose", "x"],
  ["all", "shift"],
  ["similar", "s"],
  ["open", "enter"],
  ["back", "escape"],
  ["help", "?"],
];

/** All shortcuts, in a modal dialog: the browser keeps the focus inside. */
export function KeyHelp({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  const names: Readonly<Record<string, string>> = texts.keyNames;
  return (
    <dialog ref={dialog} className={styles.dialog} onClose={onClose} aria-labelledby="keys-title">
      <div className={styles.head}>
        <h2 id="keys-title">{texts.keys}</h2>
        <button type="button" className={controls.button} onClick={onClose}>
          {texts.close}
        </button>
      </div>
      <dl className={styles.list}>
        {KEYS.map(([action, ...keys]) => (
          <div key={action} className={styles.row}>
            <dt>
              {keys.map((key) => (
                <kbd key={key} className={styles.key}>
                  {names[key] ?? key}
                </kbd>
              ))}
            </dt>
            <dd>{texts.keyList[action]}</dd>
          </div>
        ))}
      </dl>
    </dialog>
  );
}
