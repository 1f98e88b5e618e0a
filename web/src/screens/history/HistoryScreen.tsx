import { useInfiniteQuery } from "@tanstack/react-query";
import * as api from "../../api";
import { useTitle } from "../../hooks/useTitle";
import { useUndo } from "../../hooks/useUndo";
import controls from "../../parts/controls.module.css";
import { Notice } from "../../parts/Notice";
import { dayOf } from "../../parts/time";
import type { HistoryEvent } from "../../types";
import { Failed } from "../states/Failed";
import { Entry } from "./Entry";
import styles from "./HistoryScreen.module.css";

const PAGE = 100;

/** Events in their order, grouped by day. */
function byDay(events: readonly HistoryEvent[]): [string, HistoryEvent[]][] {
  const days = new Map<string, HistoryEvent[]>();
  for (const event of events) {
    const day = dayOf(event.time);
    days.set(day, [...(days.get(day) ?? []), event]);
  }
  return [...days];
}

/** Everything that was taught, by day, each entry with undo. */
export function HistoryScreen() {
  useTitle("History");
  const undo = useUndo();
  const query = useInfiniteQuery({
    queryKey: ["history"],
    queryFn: ({ pageParam }) => api.history({ offset: pageParam, limit: PAGE }),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => {
      const next = pages.length * PAGE;
      return next < last.total ? next : undefined;
    },
  });
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const events = query.data?.pages.flatMap((page) => page.events) ?? [];
  const byId = new Map(events.map((event) => [event.id, event]));
  return (
    <main className={styles.screen}>
      <h1 className={styles.title}>History</h1>
      {query.isSuccess && !events.length && (
        <Notice icon="history" title="Nothing taught yet">
          <p>Everything you mark appears here and can be undone.</p>
        </Notice>
      )}
      {byDay(events).map(([day, entries]) => (
        <section key={day} aria-label={day}>
          <h2 className={styles.day}>{day}</h2>
          <ul>
            {entries.map((entry) => (
              <Entry
                key={entry.id}
                entry={entry}
                undone={byId.get(entry.target)}
                onUndo={() => void undo(entry.id)}
              />
            ))}
          </ul>
        </section>
      ))}
      {query.hasNextPage && (
        <button
          type="button"
          className={controls.button}
          disabled={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          Show older
        </button>
      )}
    </main>
  );
}
