import { useCallback, useMemo, useRef, useState } from "react";
import type { Hit } from "../types";
import { chosenUpTo, toggled } from "./choosing";

export interface Chosen {
  ids: ReadonlySet<string>;
  /** Choose a photo, or no longer. */
  toggle: (id: string) => void;
  /** Choose all from the photo chosen last up to this one. */
  extend: (id: string) => void;
  clear: () => void;
}

const NONE: ReadonlySet<string> = new Set();

/**
 * Photos that are chosen to do one thing with all of them; not those that are no longer there, and
 * none of another `subject`.
 */
export function useChosen(hits: readonly Hit[], subject: string): Chosen {
  const [{ all, of }, setState] = useState({ all: NONE, of: subject });
  const setAll = useCallback(
    (change: (before: ReadonlySet<string>) => ReadonlySet<string>) =>
      setState((state) => ({ all: change(state.of === subject ? state.all : NONE), of: subject })),
    [subject],
  );
  const last = useRef("");
  const latest = useRef(hits);
  latest.current = hits;
  const ids = useMemo(() => {
    if (!all.size || of !== subject) return NONE;
    return new Set(hits.flatMap(({ id }) => (all.has(id) ? [id] : [])));
  }, [all, hits, of, subject]);
  const toggle = useCallback(
    (id: string) => {
      last.current = id;
      setAll((before) => toggled(before, id));
    },
    [setAll],
  );
  const extend = useCallback(
    (id: string) => {
      const order = latest.current.map((hit) => hit.id);
      const from = last.current || id;
      last.current = id;
      setAll((before) => chosenUpTo(before, order, from, id));
    },
    [setAll],
  );
  const clear = useCallback(() => {
    last.current = "";
    setAll(() => NONE);
  }, [setAll]);
  return useMemo(() => ({ ids, toggle, extend, clear }), [ids, toggle, extend, clear]);
}
