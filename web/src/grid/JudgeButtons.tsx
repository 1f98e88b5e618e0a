import { Icon } from "../parts/Icon";
import { texts } from "../texts";
import type { Verdict } from "../types";
import styles from "./JudgeButtons.module.css";

interface Props {
  word: string;
  mark: Verdict | undefined;
  onJudge: (verdict: Verdict) => void;
  /** Whether Tab stops here; in a grid, only at the selected photo. */
  inTabOrder?: boolean;
  /** Drawn in the page's colours rather than over a photo. */
  isPlain?: boolean;
}

/** Two quiet buttons over a photo: a match for the word, or not. */
export function JudgeButtons(props: Props) {
  const { word, mark, onJudge, inTabOrder = true, isPlain = false } = props;
  return (
    <div className={styles.buttons} data-plain={isPlain || undefined} role="group" aria-label={texts.doesMatch(word)}>
      {(["good", "bad"] as const).map((verdict) => (
        <button
          key={verdict}
          type="button"
          className={styles.button}
          data-verdict={verdict}
          aria-pressed={mark === verdict}
          aria-label={texts.verdictFor(verdict, word)}
          title={texts.verdictFor(verdict, word)}
          tabIndex={inTabOrder ? 0 : -1}
          onClick={() => onJudge(verdict)}
        >
          <Icon name={verdict} size={18} />
        </button>
      ))}
    </div>
  );
}
