import { useEffect, useRef } from "react";
import controls from "./controls.module.css";
import styles from "./KeyHelp.module.css";

const KEYS: readonly (readonly [string[], string])[] = [
  [["/"], "search"],
  [["←", "→", "↑", "↓"], "move from photo to photo"],
  [["g", "+"], "good: it shows what I searched for"],
  [["b", "-"], "bad: it does not"],
  [["u"], "undo the last judgement"],
  [["s"], "photos similar to this one"],
  [["Enter"], "open the photo"],
  [["Esc"], "back"],
  [["?"], "these keys"],
];

/** All keys, in a dialog that the browser keeps the focus in. */
export function KeyHelp({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  return (
    <dialog ref={dialog} className={styles.dialog} onClose={onClose} aria-labelledby="keys-title">
      <h2 id="keys-title">Keys</h2>
      <dl className={styles.list}>
        {KEYS.map(([keys, what]) => (
          <div key={what} className={styles.row}>
            <dt>
              {keys.map((key) => (
                <kbd key={key} className={styles.key}>
                  {key}
                </kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <button type="button" className={controls.button} onClick={onClose}>
        Close
      </button>
    </dialog>
  );
}
