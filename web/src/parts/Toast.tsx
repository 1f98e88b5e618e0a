import { useEffect, useState } from "react";
import { useToast } from "../hooks/useToast";
import controls from "./controls.module.css";
import { Icon } from "./Icon";
import styles from "./Toast.module.css";
import { texts } from "../texts";

const SHOWN_MS = 7000;

/** The latest message; it stays while it is hovered or focused. */
export function Toast() {
  const { message, heard, dismiss } = useToast();
  // By number: a message that goes while it is hovered does not say that it is left.
  const [held, setHeld] = useState<number>();
  const isHeld = message?.number === held;

  useEffect(() => {
    if (!message || isHeld) return;
    const timer = setTimeout(dismiss, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [message, isHeld, dismiss]);

  return (
    <>
      <p className="visually-hidden" aria-live="polite" aria-atomic="true">
        {heard}
      </p>
      <div role="status" aria-live="polite" className={styles.region}>
        {message && (
          <div
            key={message.number}
            className={styles.toast}
            data-error={message.isError || undefined}
            onPointerEnter={() => setHeld(message.number)}
            onPointerLeave={() => setHeld(undefined)}
            onFocus={() => setHeld(message.number)}
            onBlur={() => setHeld(undefined)}
          >
            <span className={styles.text}>{message.text}</span>
            {message.action && (
              <button
                type="button"
                className={styles.action}
                onClick={() => {
                  message.action?.run();
                  dismiss();
                }}
              >
                {message.action.label}
              </button>
            )}
            <button type="button" className={controls.icon} aria-label={texts.dismiss} onClick={dismiss}>
              <Icon name="close" size={18} />
            </button>
          </div>
        )}
      </div>
    </>
  );
}
