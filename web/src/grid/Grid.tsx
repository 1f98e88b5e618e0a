import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { NOTHING, photoAddress, type Search } from "../address";
import { useWidth } from "../hooks/useWidth";
import type { Hit, Verdict } from "../types";
import { GAP, justify } from "./justify";
import styles from "./Grid.module.css";
import { Tile } from "./Tile";
import { useGridKeys } from "./useGridKeys";
import { useReorder } from "./useReorder";

export interface Judging {
  word: string;
  marks: ReadonlyMap<string, Verdict>;
  judge: (id: string, verdict: Verdict) => void;
}

interface Props {
  hits: readonly Hit[];
  label: string;
  /** Changes when the photos are ranked again, not when more of them arrive. */
  ranking: unknown;
  search?: Search;
  judging?: Judging | null;
  hasMore?: boolean;
  onMore?: () => void;
  /** Called instead of opening a photo. */
  onPick?: (id: string) => void;
  isActive?: boolean;
}

const OVERSCAN_ROWS = 3;
/** Ask for more photos when this few rows are left below. */
const AHEAD_ROWS = 9;
const ignore = () => undefined;

/** Photos in justified rows that scroll endlessly; only rows near the viewport are rendered. */
export function Grid(props: Props) {
  const { hits, ranking, search = NOTHING, judging = null, hasMore = false, onMore } = props;
  const container = useRef<HTMLUListElement>(null);
  const width = useWidth(container);
  const layout = useMemo(() => justify(hits, width || 1, hasMore), [hits, width, hasMore]);
  const places = useMemo(
    () => new Map(layout.boxes.map((box, index) => [hits[index]!.id, box])),
    [hits, layout],
  );
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const element = container.current;
    if (element) setTop(element.getBoundingClientRect().top + window.scrollY);
  }, [layout]);

  const virtual = useWindowVirtualizer({
    count: layout.rows.length,
    estimateSize: (index) => (layout.rows[index]?.height ?? 0) + GAP,
    overscan: OVERSCAN_ROWS,
    scrollMargin: top,
    useFlushSync: false,
  });
  useLayoutEffect(() => virtual.measure(), [virtual, layout]);
  const seen = virtual.getVirtualItems();
  const from = layout.rows[seen[0]?.index ?? 0]?.from ?? 0;
  const last = seen.at(-1)?.index ?? -1;
  const to = layout.rows[last]?.to ?? 0;

  useEffect(() => {
    if (hasMore && last >= layout.rows.length - 1 - AHEAD_ROWS) onMore?.();
  }, [hasMore, last, layout.rows.length, onMore]);
  useReorder(container, places, ranking, props.label);
  const keys = useGridKeys({ ...props, container, layout, search, judging });

  const best = hits[0]?.score ?? 0;
  const tabStop = keys.selected && places.has(keys.selected) ? keys.selected : hits[from]?.id;
  return (
    <ul
      ref={container}
      className={styles.grid}
      aria-label={props.label}
      style={{ height: layout.height }}
    >
      {width > 0 &&
        hits.slice(from, to).map((hit, index) => (
          <Tile
            key={hit.id}
            hit={hit}
            box={layout.boxes[from + index]!}
            place={from + index + 1}
            count={hasMore ? -1 : hits.length}
            address={photoAddress(hit.id, search)}
            depth={1}
            share={best > 0 && hit.score > 0 ? hit.score / best : null}
            isSelected={keys.selected === hit.id}
            inTabOrder={tabStop === hit.id}
            mark={judging?.marks.get(hit.id)}
            word={judging?.word ?? null}
            onJudge={judging?.judge ?? ignore}
            onSelect={keys.select}
            onPick={props.onPick ?? null}
          />
        ))}
    </ul>
  );
}
