import { Icon } from "../../parts/Icon";
import type { Part } from "../../types";
import styles from "./Chip.module.css";
import { texts } from "../../texts";

interface Props {
  part: Part;
  isOpen: boolean;
  onOpen: () => void;
  onToggle: () => void;
}

/** More labels than that are counted; the names are in the details. */
const MOST_NAMED = 3;

/** How a part was understood, in one line: "puppy = dog", "dog: 120 kinds", "breakfast ~ bagel", "griffin, taught". */
export function tell(part: Part): string {
  switch (part.kind) {
    case "taught":
      return texts.taught(part.good, part.bad);
    case "excluded":
      return part.meaning ? `: ${named(part.meaning)}` : "";
    case "translated":
      return ` = ${part.meaning.split(" by ")[0]}`; // the dictionary and the labels follow
    case "unfamiliar":
      return texts.notKnown;
    case "related":
    case "word2vec":
      return ` ~ ${named(part.meaning)}`;
    case "hypernym": {
      const kinds = Object.keys(part.labels).length;
      return kinds > MOST_NAMED ? texts.kinds(kinds) : meant(part);
    }
    default:
      return meant(part);
  }
}

/** Names of labels, of which the API says in English how many there are besides. */
function named(meaning: string): string {
  return meaning.replace(/ and (\d+) more$/, (_, count) => ` ${texts.andMore(Number(count))}`);
}

function meant({ meaning, word }: Part): string {
  return meaning && meaning !== word ? ` = ${named(meaning)}` : "";
}

export function Chip({ part, isOpen, onOpen, onToggle }: Props) {
  const canOpen = Object.keys(part.labels).length > 0;
  const isExcluded = part.kind === "excluded";
  const name = isExcluded ? texts.without(part.word) : part.word;
  const ignore = isExcluded ? texts.stopExcluding(part.word) : texts.ignore(name);
  const use = isExcluded ? texts.excludeAgain(part.word) : texts.useAgain(name);
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
