import { memo } from "react";
import { Link } from "react-router";
import type { Hit, Verdict } from "../types";
import type { Box } from "./justify";
import { JudgeButtons } from "./JudgeButtons";
import { PhotoImage } from "./PhotoImage";
import styles from "./Tile.module.css";
import { Icon } from "../parts/Icon";
import { MARKED } from "../parts/verdicts";

interface Props {
  hit: Hit;
  box: Box;
  /** Place in the whole list, from 1, and its length, or -1 while that is not known. */
  place: number;
  count: number;
  address: string;
  depth: number;
  /** Share of the best score, 0 to 1; null where the photos are not ranked. */
  share: number | null;
  isSelected: boolean;
  inTabOrder: boolean;
  mark: Verdict | undefined;
  word: string | null;
  onJudge: (id: string, verdict: Verdict) => void;
  onSelect: (id: string) => void;
  onPick: ((id: string) => void) | null;
}

export function fileName(path: string): string {
  return path.split("/").at(-1) ?? path;
}

/** One photo of the grid, at its place. */
export const Tile = memo(function Tile(props: Props) {
  const { hit, box, share, mark, word, onPick } = props;
  const image = (
    <PhotoImage photo={hit} alt={fileName(hit.path)} width={box.width} height={box.height} />
  );
  return (
    <li
      className={styles.tile}
      data-id={hit.id}
      aria-posinset={props.place}
      aria-setsize={props.count}
      data-selected={props.isSelected || undefined}
      style={{
        transform: `translate(${box.x}px, ${box.y}px)`,
        width: box.width,
        height: box.height,
      }}
      onPointerMove={() => props.onSelect(hit.id)}
    >
      {onPick ? (
        <button
          type="button"
          className={styles.photo}
          tabIndex={props.inTabOrder ? 0 : -1}
          onClick={() => onPick(hit.id)}
        >
          {image}
        </button>
      ) : (
        <Link
          to={props.address}
          state={{ depth: props.depth }}
          className={styles.photo}
          draggable={false}
          tabIndex={props.inTabOrder ? 0 : -1}
        >
          {image}
        </Link>
      )}
      {mark && (
        <span className={styles.mark} data-verdict={mark}>
          <Icon name={mark} size={14} />
          <span className="visually-hidden">{MARKED[mark]}</span>
        </span>
      )}
      {word && (
        <div className={styles.judge}>
          <JudgeButtons
            word={word}
            mark={mark}
            inTabOrder={props.inTabOrder}
            onJudge={(verdict) => props.onJudge(hit.id, verdict)}
          />
        </div>
      )}
      {share !== null && (
        <span className={styles.score} style={{ width: `${Math.max(2, share * 100)}%` }} />
      )}
    </li>
  );
});
