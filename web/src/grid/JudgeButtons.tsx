import { Icon } from "../parts/Icon";
import type { Verdict } from "../types";
import styles from "./JudgeButtons.module.css";

interface Props {
  word: string;
  mark: Verdict | undefined;
  onJudge: (verdict: Verdict) => void;
  /** Whether Tab stops here; in a grid only at the selected photo. */
  inTabOrder?: boolean;
}

const NAMES = { good: "Good", bad: "Bad" } as const;

/** Two quiet buttons over a photo. */
export function JudgeButtons({ word, mark, onJudge, inTabOrder = true }: Props) {
  return (
    <div className={styles.buttons} role="group" aria-label={`Judge for ${word}`}>
      {(["good", "bad"] as const).map((verdict) => (
        <button
          key={verdict}
          type="button"
          className={styles.button}
          data-verdict={verdict}
          aria-pressed={mark === verdict}
          aria-label={`${NAMES[verdict]} for ${word}`}
          title={`${NAMES[verdict]} for ${word}`}
          tabIndex={inTabOrder ? 0 : -1}
          onClick={() => onJudge(verdict)}
        >
          <Icon name={verdict} size={18} />
        </button>
      ))}
    </div>
  );
}
