import { Icon } from "../../parts/Icon";
import { counted } from "../../parts/verdicts";
import type { Part } from "../../types";
import styles from "./Chip.module.css";

interface Props {
  part: Part;
  isOpen: boolean;
  onOpen: () => void;
  onToggle: () => void;
}

/** How a part was understood, in one line: "puppy = dog", "breakfast ~ bagel", "griffin, taught". */
export function tell(part: Part): string {
  const wrong = part.bad ? `, ${counted(part.bad, "bad")}` : "";
  switch (part.kind) {
    case "taught":
      return `, taught: ${counted(part.good, "good")}${wrong}`;
    case "excluded":
      return part.meaning ? `: ${part.meaning}` : "";
    case "unfamiliar":
      return ", not known yet";
    case "related":
    case "word2vec":
      return ` ~ ${part.meaning}`;
    default:
      return part.meaning && part.meaning !== part.word ? ` = ${part.meaning}` : "";
  }
}

export function Chip({ part, isOpen, onOpen, onToggle }: Props) {
  const canOpen = Object.keys(part.labels).length > 0;
  const isExcluded = part.kind === "excluded";
  const name = isExcluded ? `without ${part.word}` : part.word;
  const ignore = isExcluded ? `Stop excluding ${part.word}` : `Ignore ${name}`;
  const use = isExcluded ? `Exclude ${part.word} again` : `Use ${name} again`;
  const what = part.off ? use : ignore;
  return (
    <li className={styles.chip} data-kind={part.kind} data-off={part.off || undefined}>
      <button
        type="button"
        className={styles.text}
        aria-expanded={isOpen}
        disabled={!canOpen || part.off}
        onClick={onOpen}
      >
        <strong>{name}</strong>
        {!part.off && tell(part)}
      </button>
      <button type="button" className={styles.switch} aria-label={what} title={what} onClick={onToggle}>
        <Icon name={part.off ? "plus" : "close"} size={16} />
      </button>
    </li>
  );
}
