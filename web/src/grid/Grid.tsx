import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { around, NOTHING, photoAddress, type Search } from "../address";
import type { Chosen } from "../hooks/useChosen";
import { useWidth } from "../hooks/useWidth";
import type { Hit, Verdict } from "../types";
import { DIVIDER, GAP, justify } from "./justify";
import styles from "./Grid.module.css";
import type { Section } from "./timeline";
import { Months } from "./Months";
import { Scrubber } from "./Scrubber";
import { Tile } from "./Tile";
import { useChoosing } from "./useChoosing";
import { useGridKeys } from "./useGridKeys";
import { useReturn } from "./useReturn";
import { useReorder } from "./useReorder";
import { useSteadyClicks } from "./useSteadyClicks";
import { COVERED, roomOf, useInSight, useTimeline } from "./useTimeline";

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
  /** The photo that lies open over the grid. */
  opened?: string | null;
  /** The photo that the page was loaded with. */
  first?: string | null;
  /** Photos that are chosen to do something with all of them. */
  chosen?: Chosen | null;
  /** Whether photos show their buttons where nothing can hover. */
  isMarking?: boolean;
  /** A second part of the photos, from this place on, and what the line above it says. */
  second?: { from: number; title: string } | null;
  /** The photos by month, in place of one list; `hits` are those of them that are loaded. */
  sections?: readonly Section[];
  /** The months in and near the window, and the one at its top. */
  onSee?: (keys: readonly string[], top: string) => void;
}

const OVERSCAN_ROWS = 3;
/** Ask for more photos when this few rows are left below. */
const AHEAD_ROWS = 9;
const ignore = () => undefined;

/** Photos in justified rows that scroll endlessly; only rows near the viewport are rendered. */
export function Grid(props: Props) {
  const { hits, ranking, search = NOTHING, judging = null, hasMore = false, onMore } = props;
  const second = props.second ?? null;
  const container = useRef<HTMLUListElement>(null);
  const width = useWidth(container);
  const sections = props.sections ?? null;
  const timeline = useTimeline(sections, width);
  const rows = useMemo(
    () => justify(timeline ? [] : hits, width || 1, hasMore, second?.from),
    [hits, width, hasMore, second?.from, timeline],
  );
  const layout = timeline ?? rows;
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
    estimateSize: (index) =>
      (layout.rows[index + 1]?.y ?? layout.height + GAP) - (layout.rows[index]?.y ?? 0),
    overscan: OVERSCAN_ROWS,
    scrollMargin: top + (layout.rows[0]?.y ?? 0),
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
  const steady = useSteadyClicks(props.label);
  const sight = useInSight({ container, timeline, sections, start: search.all ?? "", onSee: props.onSee });
  const chosen = props.chosen ?? null;
  const choosing = useChoosing(chosen);
  const keys = useGridKeys({ ...props, container, layout, search, judging, chosen });

  useReturn({
    opened: props.opened ?? null,
    first: props.first ?? null,
    hits,
    select: keys.focus,
    reveal: (id, isLeft) => {
      const box = places.get(id);
      if (!box) return;
      const above = box.y + (container.current?.getBoundingClientRect().top ?? 0);
      const [room, spare] = [window.innerHeight, isLeft ? box.height : 0];
      if (above + spare >= COVERED && above + box.height - spare <= room) return;
      window.scrollBy(0, above - (COVERED + room - box.height) / 2);
    },
  });

  const best = hits[0]?.score ?? 0;
  const tabStop = keys.selected && places.has(keys.selected) ? keys.selected : hits[from]?.id;
  const count = sections?.reduce((sum, section) => sum + section.count, 0) ?? hits.length;
  /** Photos from one to before another; `before` others come before the first of all. */
  const tiles = (first: number, end: number, before = 0) =>
    hits.slice(first, end).map((hit, index) => (
      <Tile
        key={hit.id}
        hit={hit}
        box={layout.boxes[first + index]!}
        place={before + first + index + 1}
        count={hasMore ? -1 : count}
        address={photoAddress(hit.id, around(search, hit))}
        depth={1}
        share={best > 0 && hit.score > 0 ? hit.score / best : null}
        isSelected={keys.selected === hit.id}
        isChosen={chosen?.ids.has(hit.id) ?? false}
        inTabOrder={tabStop === hit.id}
        mark={judging?.marks.get(hit.id)}
        word={judging?.word ?? null}
        onJudge={judging?.judge ?? ignore}
        onSelect={keys.select}
        onPick={props.onPick ?? null}
      />
    ));
  return (
    <div className={styles.photos} style={{ minHeight: timeline ? roomOf(timeline) : undefined }}>
      <ul
        ref={container}
        className={styles.grid}
        aria-label={props.label}
        style={{ height: layout.height }}
        data-marking={props.isMarking || undefined}
        data-choosing={(chosen && chosen.ids.size > 0) || undefined}
        {...steady}
        {...choosing}
        onClickCapture={(event) => {
          steady.onClickCapture(event);
          choosing.onClickCapture?.(event);
        }}
      >
        {width > 0 && !timeline && tiles(from, to)}
        {width > 0 && timeline && sections && (
          <Months sections={sections} timeline={timeline} sight={sight} from={from} to={to} tiles={tiles} />
        )}
      </ul>
      {second && layout.divider !== null && width > 0 && (
        <h2 className={styles.divider} style={{ top: layout.divider, height: DIVIDER }}>
          {second.title}
        </h2>
      )}
      {timeline && sections && <Scrubber container={container} sections={sections} timeline={timeline} />}
    </div>
  );
}
