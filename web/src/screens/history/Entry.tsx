import { Link } from "react-router";
import { imageAddress } from "../../api";
import { NOTHING, photoAddress, searchAddress } from "../../address";
import controls from "../../parts/controls.module.css";
import { Icon } from "../../parts/Icon";
import { clock } from "../../parts/time";
import { counted, MARKED } from "../../parts/verdicts";
import type { HistoryEvent, Verdict } from "../../types";
import styles from "./Entry.module.css";
import { phrase } from "./phrase";

const PHOTOS = 5;

interface Props {
  entry: HistoryEvent;
  /** The entry that this one undid. */
  undone: HistoryEvent | undefined;
  onUndo: () => void;
}

/** One thing that was taught. */
export function Entry({ entry, undone, onUndo }: Props) {
  const canUndo = entry.kind !== "undo" && !entry.undone;
  return (
    <li className={styles.entry} data-undone={entry.undone || undefined}>
      <time className={styles.time} dateTime={entry.time}>
        {clock(entry.time)}
      </time>
      <p className={styles.what}>
        <What entry={entry} undone={undone} />
        {entry.user !== "anonymous" && <span className={styles.user}> by {entry.user}</span>}
        {entry.undone && <span className={styles.user}> (undone)</span>}
      </p>
      <div className={styles.photos}>
        <Judged ids={entry.good} verdict="good" word={entry.word} />
        <Judged ids={entry.bad} verdict="bad" word={entry.word} />
      </div>
      {canUndo ? (
        <button
          type="button"
          className={controls.button}
          aria-label={`Undo: ${phrase(entry).join(entry.word)}`}
          onClick={onUndo}
        >
          Undo
        </button>
      ) : (
        <span />
      )}
    </li>
  );
}

function What({ entry, undone }: { entry: HistoryEvent; undone: HistoryEvent | undefined }) {
  const [before, after] = phrase(entry, undone);
  return (
    <>
      {before[0]!.toUpperCase() + before.slice(1)}
      {entry.word && (
        <Link to={searchAddress({ ...NOTHING, words: entry.word })}>{entry.word}</Link>
      )}
      {after}
    </>
  );
}

interface JudgedProps {
  ids: readonly string[];
  verdict: Verdict;
  word: string;
}

function Judged({ ids, verdict, word }: JudgedProps) {
  if (!ids.length) return null;
  const name = counted(ids.length, verdict);
  return (
    <span className={styles.judged} data-verdict={verdict}>
      <Icon name={verdict} size={16} />
      <span className="visually-hidden">{name}</span>
      {ids.slice(0, PHOTOS).map((id) => (
        <Link key={id} to={photoAddress(id, { ...NOTHING, words: word })}>
          <img className={styles.image} src={imageAddress(id, 160)} alt={`Photo ${MARKED[verdict]}`} />
        </Link>
      ))}
      {ids.length > PHOTOS && <span>+{ids.length - PHOTOS}</span>}
    </span>
  );
}
