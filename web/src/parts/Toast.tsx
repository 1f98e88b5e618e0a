import { useEffect, useState } from "react";
import { useToast } from "../hooks/useToast";
import controls from "./controls.module.css";
import { Icon } from "./Icon";
import styles from "./Toast.module.css";

const SHOWN_MS = 7000;

/** The latest message; it stays while it is hovered or focused. */
export function Toast() {
  const { message, dismiss } = useToast();
  const [isHeld, setIsHeld] = useState(false);

  useEffect(() => {
    if (!message || isHeld) return;
    const timer = setTimeout(dismiss, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [message, isHeld, dismiss]);

  return (
    <div role="status" aria-live="polite" className={styles.region}>
      {message && (
        <div
          key={message.number}
          className={styles.toast}
          data-error={message.isError || undefined}
          onPointerEnter={() => setIsHeld(true)}
          onPointerLeave={() => setIsHeld(false)}
          onFocus={() => setIsHeld(true)}
          onBlur={() => setIsHeld(false)}
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
          <button type="button" className={controls.icon} aria-label="Dismiss" onClick={dismiss}>
            <Icon name="close" size={18} />
          </button>
        </div>
      )}
    </div>
  );
}
