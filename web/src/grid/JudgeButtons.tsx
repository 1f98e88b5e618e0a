import { Icon } from "../parts/Icon";
import type { Verdict } from "../types";
import styles from "./JudgeButtons.module.css";

interface Props {
  word: string;
  mark: Verdict | undefined;
  onJudge: (verdict: Verdict) => void;
  /** Whether Tab stops here; in a grid only at the selected photo. */
  inTabOrder?: boolean;
  /** Not over a photo: drawn in the colours of the page. */
  isPlain?: boolean;
}

const NAMES = { good: "Good", bad: "Bad" } as const;

/** Two quiet buttons over a photo. */
export function JudgeButtons(props: Props) {
  const { word, mark, onJudge, inTabOrder = true, isPlain = false } = props;
  return (
    <div className={styles.buttons} data-plain={isPlain || undefined} role="group" aria-label={`Judge for ${word}`}>
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
