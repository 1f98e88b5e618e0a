import { memo } from "react";
import { Link } from "../place";
import type { Hit, Verdict } from "../types";
import type { Box } from "./justify";
import { JudgeButtons } from "./JudgeButtons";
import { PhotoImage } from "./PhotoImage";
import { photoName } from "./photoName";
import styles from "./Tile.module.css";
import { Icon } from "../parts/Icon";
import { filmLength } from "../parts/time";
import { texts } from "../texts";

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
  isChosen: boolean;
  inTabOrder: boolean;
  mark: Verdict | undefined;
  word: string | null;
  onJudge: (id: string, verdict: Verdict) => void;
  onSelect: (id: string) => void;
  onPick: ((id: string) => void) | null;
}

/** One photo of the grid, at its place. */
export const Tile = memo(function Tile(props: Props) {
  const { hit, box, share, mark, word, onPick } = props;
  const image = (
    <PhotoImage photo={hit} alt={photoName(hit)} width={box.width} height={box.height} />
  );
  return (
    <li
      className={styles.tile}
      data-id={hit.id}
      aria-posinset={props.place}
      aria-setsize={props.count}
      data-selected={props.isSelected || undefined}
      data-chosen={props.isChosen || undefined}
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
          data-photo
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
          data-photo
          draggable={false}
          tabIndex={props.inTabOrder ? 0 : -1}
        >
          {image}
        </Link>
      )}
      {hit.duration !== null && (
        <span className={styles.film}>
          <span className="visually-hidden">{texts.film}</span>
          {filmLength(hit.duration)}
        </span>
      )}
      {mark && (
        <span className={styles.mark} data-verdict={mark}>
          <Icon name={mark} size={14} />
          <span className="visually-hidden">{texts.marked[mark]}</span>
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
      {props.isChosen && (
        <span className={styles.chosen}>
          <Icon name="tick" size={16} />
          <span className="visually-hidden">{texts.chosen}</span>
        </span>
      )}
      {share !== null && (
        <span className={styles.score} style={{ width: `${Math.max(2, share * 100)}%` }} />
      )}
    </li>
  );
});
