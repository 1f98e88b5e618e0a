import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import * as api from "../../api";
import { useMore } from "../../hooks/useMore";
import { useSettled } from "../../hooks/useSettled";
import { useTitle } from "../../hooks/useTitle";
import { useUndo } from "../../hooks/useUndo";
import controls from "../../parts/controls.module.css";
import { FilterField } from "../../parts/FilterField";
import { Notice } from "../../parts/Notice";
import { Retry } from "../../parts/Retry";
import { dayOf } from "../../parts/time";
import type { HistoryEvent } from "../../types";
import { Failed } from "../states/Failed";
import { Entry } from "./Entry";
import styles from "./HistoryScreen.module.css";
import { useRedo } from "./useRedo";
import { texts } from "../../texts";

const PAGE = 100;
const PAUSE_MS = 200;

/** Events in their order, grouped by day. */
function byDay(events: readonly HistoryEvent[]): [string, HistoryEvent[]][] {
  const days = new Map<string, HistoryEvent[]>();
  for (const event of events) {
    const day = dayOf(event.time);
    days.set(day, [...(days.get(day) ?? []), event]);
  }
  return [...days];
}

/** An undo is told in the entry that it undid, where that is on the screen. */
function isFolded({ kind, target }: HistoryEvent, byId: ReadonlyMap<string, unknown>): boolean {
  return kind === "undo" && byId.has(target);
}

/** Everything that was taught, by day, each entry with undo, or redo. */
export function HistoryScreen() {
  useTitle(texts.history);
  const [undo, running] = useUndo();
  const redo = useRedo();
  const [text, setText] = useState("");
  const word = useSettled(text.trim(), PAUSE_MS);
  const query = useInfiniteQuery({
    queryKey: ["history", word],
    queryFn: ({ pageParam, signal }) => api.history(word, { offset: pageParam, limit: PAGE }, signal),
    placeholderData: keepPreviousData,
    initialPageParam: 0,
    getNextPageParam: (last, pages) => {
      const next = pages.length * PAGE;
      return next < last.total ? next : undefined;
    },
  });
  const further = useMore(query);
  if (query.isError && !query.data) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const events = query.data?.pages.flatMap((page) => page.events) ?? [];
  const byId = new Map(events.map((event) => [event.id, event]));
  const undos = new Map(events.map((event) => [event.target, event]));
  return (
    <main className={styles.screen}>
      <div className={styles.head}>
        <h1 className={styles.title}>{texts.history}</h1>
        {(events.length > 0 || word) && <FilterField text={text} onText={setText} />}
      </div>
      {word && query.isSuccess && !events.length && <p>{texts.noneOf(word)}</p>}
      {!word && query.isSuccess && !events.length && (
        <Notice icon="history" title={texts.nothingTaught}>
          <p>{texts.nothingTaughtHow}</p>
        </Notice>
      )}
      {byDay(events.filter((event) => !isFolded(event, byId))).map(([day, entries]) => (
        <section key={day} aria-label={day}>
          <h2 className={styles.day}>{day}</h2>
          <ul>
            {entries.map((entry) => (
              <Entry
                key={entry.id}
                entry={entry}
                undo={undos.get(entry.id)}
                isBusy={running.has(entry.id)}
                onUndo={() => undo(entry.id)}
                onRedo={() => redo(entry)}
              />
            ))}
          </ul>
        </section>
      ))}
      {further.hasFailed && (
        <Retry text={texts.noOlder} isBusy={further.isBusy} again={further.again} />
      )}
      {further.hasMore && !further.hasFailed && (
        <button
          type="button"
          className={controls.button}
          disabled={further.isBusy}
          onClick={further.more}
        >
          {texts.showOlder}
        </button>
      )}
    </main>
  );
}
