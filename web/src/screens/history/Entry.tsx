import { Link } from "../../place";
import { imageAddress } from "../../api";
import { asWords, NOTHING, photoAddress, searchAddress } from "../../address";
import controls from "../../parts/controls.module.css";
import { Icon } from "../../parts/Icon";
import { clock } from "../../parts/time";
import type { HistoryEvent, Verdict } from "../../types";
import styles from "./Entry.module.css";
import { phrase } from "./phrase";
import { texts } from "../../texts";

const PHOTOS = 5;

interface Props {
  entry: HistoryEvent;
  /** What undid it. */
  undo: HistoryEvent | undefined;
  /** Its undo is on the way. */
  isBusy: boolean;
  onUndo: () => void;
  onRedo: () => void;
}

/** One thing that was taught. */
export function Entry({ entry, undo, isBusy, onUndo, onRedo }: Props) {
  const what = phrase(entry).join(entry.word);
  return (
    <li className={styles.entry} data-undone={entry.undone || undefined}>
      <time className={styles.time} dateTime={entry.time}>
        {clock(entry.time)}
      </time>
      <p className={styles.what}>
        <What entry={entry} />
        {entry.user !== "anonymous" && <span className={styles.user}>{texts.by(entry.user)}</span>}
        {entry.undone && (
          <span className={styles.undone}>{texts.undoneAt(undo ? clock(undo.time) : "")}</span>
        )}
      </p>
      <div className={styles.photos}>
        <Judged ids={entry.good} verdict="good" word={entry.word} />
        <Judged ids={entry.bad} verdict="bad" word={entry.word} />
      </div>
      {entry.kind !== "undo" ? (
        <button
          type="button"
          className={controls.button}
          aria-label={entry.undone ? texts.redoThat(what) : texts.undoThat(what)}
          disabled={isBusy}
          onClick={entry.undone ? onRedo : onUndo}
        >
          {entry.undone ? texts.redo : texts.undo}
        </button>
      ) : (
        <span />
      )}
    </li>
  );
}

function What({ entry }: { entry: HistoryEvent }) {
  const [before, after] = phrase(entry);
  return (
    <>
      {before.slice(0, 1).toUpperCase() + before.slice(1)}
      {entry.word && (
        <Link to={searchAddress({ ...NOTHING, words: asWords(entry.word) })}>{entry.word}</Link>
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
  const name = texts.counted(ids.length, verdict);
  return (
    <span className={styles.judged} data-verdict={verdict}>
      <Icon name={verdict} size={16} />
      <span className="visually-hidden">{name}</span>
      {ids.slice(0, PHOTOS).map((id) => (
        <Link key={id} to={photoAddress(id, { ...NOTHING, words: word })}>
          <img className={styles.image} src={imageAddress(id, 160)} alt={texts.photoMarked[verdict]} />
        </Link>
      ))}
      {ids.length > PHOTOS && <span>+{ids.length - PHOTOS}</span>}
    </span>
  );
}
