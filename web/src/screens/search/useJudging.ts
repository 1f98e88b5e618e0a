import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useRef } from "react";
import * as api from "../../api";
import type { Search } from "../../address";
import type { Judging } from "../../grid/Grid";
import { type Lesson, useLesson } from "../../hooks/useLessons";
import { useToast } from "../../hooks/useToast";
import { useOutdate } from "../../hooks/useUndo";
import type { Hit, Judged, Learning, Verdict } from "../../types";
import { rankAgain, type Results } from "./useResults";

const MOST_SHOWN = 200;

export interface Teaching {
  /** Null if there is no word to learn. */
  judging: Judging | null;
  learning: Learning | null;
  lesson: Lesson;
  undoLast: () => void;
  close: () => void;
  /** Teach by example instead of by click; `send` sends it. */
  teach: (send: () => Promise<Judged>, what: string) => Promise<void>;
}

function marked(word: string, verdict: Verdict): string {
  return `Marked as ${verdict === "good" ? "" : "not "}${word}`;
}

function markOf(hit: Hit): Verdict | undefined {
  const { good = 0, bad = 0 } = hit.judged ?? {};
  if (good === bad) return undefined;
  return good > bad ? "good" : "bad";
}

/** What marking and teaching do in a search: record, rank again, offer to undo. */
export function useJudging(search: Search, { answer, hits }: Results): Teaching {
  const client = useQueryClient();
  const { say } = useToast();
  const outdate = useOutdate();
  const learning = answer?.learning ?? null;
  const word = learning?.word ?? "";
  const [lesson, dispatch] = useLesson(word);
  const latest = useRef({ hits, lesson });
  latest.current = { hits, lesson };

  const showAgain = useCallback(async () => {
    outdate();
    await rankAgain(client, search);
  }, [client, outdate, search]);

  const undo = useCallback(
    async (event: string) => {
      try {
        await api.undo(event);
        dispatch({ type: "undo", word, event });
        await showAgain();
      } catch (error) {
        say({ text: (error as Error).message, isError: true });
      }
    },
    [dispatch, say, showAgain, word],
  );

  const learn = useCallback(
    async (send: () => Promise<Judged>, what: string, photo: string | null, verdict: Verdict) => {
      try {
        const { event } = await send();
        dispatch({ type: "learn", word, taught: { event, photo, verdict } });
        say({ text: what, action: { label: "Undo", run: () => void undo(event) } });
        await showAgain();
      } catch (error) {
        say({ text: (error as Error).message, isError: true });
      }
    },
    [dispatch, say, showAgain, undo, word],
  );

  const judge = useCallback(
    async (id: string, verdict: Verdict) => {
      const { hits, lesson } = latest.current;
      const before = lesson.taught.findLast(({ photo }) => photo === id);
      if (before?.verdict === verdict) return undo(before.event);
      const shown = hits.slice(0, MOST_SHOWN).map((hit) => hit.id);
      const judgement = { query: word, good: [], bad: [], shown, [verdict]: [id] };
      dispatch({ type: "send", word, photo: id, verdict });
      await learn(() => api.judge(judgement), marked(word, verdict), id, verdict);
      dispatch({ type: "settle", word, photo: id });
    },
    [dispatch, learn, undo, word],
  );

  const judgeLater = useCallback(
    (id: string, verdict: Verdict) => void judge(id, verdict),
    [judge],
  );
  const judging = useMemo(() => {
    if (!word) return null;
    const marks = new Map<string, Verdict>();
    for (const hit of hits) {
      const mark = markOf(hit);
      if (mark) marks.set(hit.id, mark);
    }
    for (const [id, verdict] of lesson.pending) marks.set(id, verdict);
    return { word, marks, judge: judgeLater };
  }, [hits, judgeLater, lesson.pending, word]);

  const undoLast = () => {
    const last = lesson.taught.at(-1);
    if (last) void undo(last.event);
    else say({ text: "Nothing to undo on this page. Older changes are in History." });
  };
  return {
    judging,
    learning,
    lesson,
    undoLast,
    close: () => dispatch({ type: "close", word }),
    teach: (send, what) => learn(send, what, null, "good"),
  };
}
