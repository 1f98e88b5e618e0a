import { Link } from "react-router";
import { imageAddress } from "../../api";
import { NOTHING, photoAddress, searchAddress } from "../../address";
import controls from "../../parts/controls.module.css";
import { Icon } from "../../parts/Icon";
import { clock } from "../../parts/time";
import type { HistoryEvent, Verdict } from "../../types";
import styles from "./Entry.module.css";

const PHOTOS = 5;

/** One thing that was taught. */
export function Entry({ entry, onUndo }: { entry: HistoryEvent; onUndo: () => void }) {
  const canUndo = entry.kind !== "undo" && !entry.undone;
  return (
    <li className={styles.entry} data-undone={entry.undone || undefined}>
      <time className={styles.time} dateTime={entry.time}>
        {clock(entry.time)}
      </time>
      <p className={styles.what}>
        <What entry={entry} />
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
          aria-label={`Undo: ${entry.kind} ${entry.word}`}
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

function What({ entry }: { entry: HistoryEvent }) {
  const word = <Link to={searchAddress({ ...NOTHING, words: entry.word })}>{entry.word}</Link>;
  switch (entry.kind) {
    case "click":
      return <>Judged for {word}</>;
    case "teach":
      return <>Taught {word}</>;
    case "forget":
      return <>Forgot {word}</>;
    case "rename":
      return (
        <>
          Renamed {word} to {entry.target}
        </>
      );
    case "merge":
      return (
        <>
          Merged {word} into {entry.target}
        </>
      );
    case "undo":
      return <>Took something back{entry.word && <> for {word}</>}</>;
  }
}

interface JudgedProps {
  ids: readonly string[];
  verdict: Verdict;
  word: string;
}

function Judged({ ids, verdict, word }: JudgedProps) {
  if (!ids.length) return null;
  const name = `${ids.length} ${verdict}`;
  return (
    <span className={styles.judged} data-verdict={verdict}>
      <Icon name={verdict} size={16} />
      <span className="visually-hidden">{name}</span>
      {ids.slice(0, PHOTOS).map((id) => (
        <Link key={id} to={photoAddress(id, { ...NOTHING, words: word })}>
          <img className={styles.image} src={imageAddress(id, 160)} alt={`Photo judged ${verdict}`} />
        </Link>
      ))}
      {ids.length > PHOTOS && <span>+{ids.length - PHOTOS}</span>}
    </span>
  );
}
