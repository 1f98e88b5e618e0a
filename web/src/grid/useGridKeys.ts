import { type RefObject, useCallback, useEffect, useReducer, useRef, useState } from "react";
import { useNavigate } from "../place";
import { around, NOTHING, photoAddress, type Search, searchAddress } from "../address";
import type { Chosen } from "../hooks/useChosen";
import { useKeys } from "../hooks/useKeys";
import type { Hit, Verdict } from "../types";
import type { Judging } from "./Grid";
import { type Direction, type Layout, step } from "./justify";

interface Options {
  container: RefObject<HTMLElement | null>;
  hits: readonly Hit[];
  layout: Layout;
  search: Search;
  judging: Judging | null;
  onPick?: (id: string) => void;
  isActive?: boolean;
  chosen: Chosen | null;
}

interface GridKeys {
  selected: string | null;
  select: (id: string) => void;
  /** Select a photo and give it the focus, once it is in the page. */
  focus: (id: string) => void;
}

/** Events by which users go elsewhere. */
const GOING = ["focusin", "keydown", "pointerdown", "wheel"];

/** The pointer or the arrow keys select a photo; single keys act on it. */
export function useGridKeys(options: Options): GridKeys {
  const { container, hits, layout, search, judging, onPick, isActive = true, chosen } = options;
  const navigate = useNavigate();
  const [selected, select] = useState<string | null>(null);
  /** The photo that gets the focus whenever it is in the page, until the user goes elsewhere. */
  const wanted = useRef<string | null>(null);
  const [, renderAgain] = useReducer((times: number) => times + 1, 0);

  const tileOf = useCallback(
    (id: string) => container.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`),
    [container],
  );
  useEffect(() => {
    if (!isActive || !wanted.current) return;
    const tile = tileOf(wanted.current);
    if (!tile || tile.contains(document.activeElement)) return;
    tile.querySelector<HTMLElement>("a, button")?.focus({ preventScroll: true });
    tile.scrollIntoView({ block: "nearest" });
  });
  // Months that come above it may take the photo out of the page for a moment, and its focus with it.
  useEffect(() => {
    const forget = ({ type, target, relatedTarget }: Event & Partial<FocusEvent>) => {
      const tile = wanted.current && tileOf(wanted.current);
      // What has the focus after something that left the page did not get it from the user.
      const isMoved = relatedTarget && tile && !tile.contains(target as Node);
      if (type !== "focusin" || isMoved) wanted.current = null;
    };
    GOING.forEach((kind) => window.addEventListener(kind, forget, true));
    return () => GOING.forEach((kind) => window.removeEventListener(kind, forget, true));
  }, [tileOf]);

  const focus = (id: string) => {
    wanted.current = id;
    select(id);
    renderAgain(); // also where it is selected already, but has not got the focus
  };
  const focusOn = (index: number) => {
    const hit = hits[Math.min(index, layout.boxes.length - 1)];
    if (hit) focus(hit.id);
  };
  const move = (direction: Direction) => (event: KeyboardEvent) => {
    const index = hits.findIndex((hit) => hit.id === selected);
    const isLost = index < 0 || !tileOf(hits[index]!.id);
    const to = isLost ? firstInSight(container.current, layout) : step(layout, index, direction);
    focusOn(to);
    const hit = hits[to];
    if (!event.shiftKey || !chosen || !hit) return;
    if (!isLost && !chosen.ids.has(hits[index]!.id)) chosen.toggle(hits[index]!.id);
    chosen.extend(hit.id);
  };
  const judge = (verdict: Verdict) => () => {
    if (chosen?.ids.size) return false; // the bar judges all of them
    const index = hits.findIndex((hit) => hit.id === selected);
    if (!judging || index < 0) return false;
    judging.judge(hits[index]!.id, verdict);
    // Select the next photo without a mark, so that the user can go straight on.
    const next = hits.findIndex((hit, at) => at > index && !judging.marks.has(hit.id));
    if (next > 0) focusOn(next);
  };
  const act = (run: (id: string) => void) => (event: KeyboardEvent) => {
    const onControl = event.target instanceof Element && event.target.closest("a, button");
    if (!selected || (event.key === "Enter" && onControl)) return false;
    run(selected);
  };

  useKeys(
    {
      ArrowLeft: move("left"),
      ArrowRight: move("right"),
      ArrowUp: move("up"),
      ArrowDown: move("down"),
      g: judge("good"),
      "+": judge("good"),
      b: judge("bad"),
      "-": judge("bad"),
      x: act((id) => chosen?.toggle(id)),
      s: act((id) => navigate(searchAddress({ ...NOTHING, like: id }))),
      Enter: act((id) => {
        const hit = hits.find((one) => one.id === id);
        if (onPick) onPick(id);
        else navigate(photoAddress(id, hit ? around(search, hit) : search), { state: { depth: 1 } });
      }),
    },
    isActive && hits.length > 0,
  );
  return { selected, select, focus };
}

function firstInSight(container: HTMLElement | null, layout: Layout): number {
  const top = -(container?.getBoundingClientRect().top ?? 0);
  return layout.rows.find((row) => row.y + row.height / 2 > top)?.from ?? 0;
}
