import { useEffect, useRef } from "react";
import controls from "./controls.module.css";
import styles from "./KeyHelp.module.css";

const KEYS: readonly (readonly [string[], string])[] = [
  [["/"], "search"],
  [["←", "→", "↑", "↓"], "move between photos"],
  [["g", "+"], "mark as a match"],
  [["b", "-"], "mark as not a match"],
  [["u"], "undo the last mark"],
  [["s"], "find similar photos"],
  [["Enter"], "open the photo"],
  [["Esc"], "go back"],
  [["?"], "show these shortcuts"],
];

/** All shortcuts, in a modal dialog: the browser keeps the focus inside. */
export function KeyHelp({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  return (
    <dialog ref={dialog} className={styles.dialog} onClose={onClose} aria-labelledby="keys-title">
      <h2 id="keys-title">Keyboard shortcuts</h2>
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
