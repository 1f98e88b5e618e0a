import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useRef } from "react";
import * as api from "../../api";
import { asWords, type Search, searchKey } from "../../address";
import type { Judging } from "../../grid/Grid";
import { type Lesson, type Taught, useDrop, useLesson } from "../../hooks/useLessons";
import { useToast } from "../../hooks/useToast";
import { undoRefused, useOutdate } from "../../hooks/useUndo";
import { texts } from "../../texts";
import { explain } from "../../texts/explain";
import type { Judged, Learning, Verdict } from "../../types";
import { countsWith, marksOf } from "./marks";
import { rankAgain, type Results } from "./useResults";

const MOST_SHOWN = 200;

export interface Teaching {
  /** Null if there is no word to learn. */
  judging: Judging | null;
  /** With what is still on its way to the server. */
  learning: Learning | null;
  lesson: Lesson;
  undoLast: () => void;
  /** Mark several photos by one mark, which is undone as one. */
  judgeAll: (ids: readonly string[], verdict: Verdict) => void;
  /** Show the bar before anything is marked. */
  open: () => void;
  close: () => void;
  /** Teach by example instead of by click; `send` sends it. */
  teach: (send: () => Promise<Judged>, what: string) => Promise<void>;
}

/** What marking and teaching do in a search: record, rank again, offer to undo. */
export function useJudging(search: Search, { answer, hits }: Results): Teaching {
  const client = useQueryClient();
  const { say } = useToast();
  const outdate = useOutdate();
  const drop = useDrop();
  const word = answer?.learning?.word ?? "";
  const [lesson, teacher] = useLesson(word);
  const before = useMemo(() => marksOf(hits, new Map()), [hits]);
  const latest = useRef({ hits, before });
  latest.current = { hits, before };

  const fail = useCallback(
    (error: unknown, tried: "mark" | "undo") => {
      say({ text: explain(error, tried), isError: true });
      // What the page shows may be gone.
      if (api.isGone(error)) void client.invalidateQueries({ queryKey: ["photo"] });
    },
    [client, say],
  );

  const showAgain = useCallback(async (undone?: readonly string[]) => {
    outdate(undone);
    try {
      await teacher.rankings.run(searchKey(search), (signal) => rankAgain(client, search, signal));
    } catch (error) {
      fail(error, "mark");
    }
  }, [client, fail, outdate, search, teacher]);

  /** Undo one thing, if it has not been undone meanwhile. */
  const undo = useCallback(
    async (choose: (taught: readonly Taught[]) => Taught | undefined) => {
      const undone = await teacher.inTurn(async () => {
        const chosen = choose(teacher.lesson(word).taught);
        if (!chosen) return "";
        try {
          await api.undo(chosen.event);
          say({ text: texts.undoneThat(chosen.what) });
        } catch (error) {
          say(undoRefused(error));
          if (!api.isOver(error)) return "";
        }
        teacher.tell(word, { type: "undo", event: chosen.event });
        return chosen.event;
      });
      if (undone) await showAgain([undone]);
    },
    [say, showAgain, teacher, word],
  );

  const learn = useCallback(
    async (send: () => Promise<Judged>, what: string, photo: string | null, verdict: Verdict) => {
      const isDone = await teacher.inTurn(async () => {
        try {
          const { event } = await send();
          teacher.tell(word, { type: "learn", taught: { event, photo, verdict, what } });
          const back = () => void undo((taught) => taught.find((one) => one.event === event));
          say({ text: what, event, action: { label: texts.undo, run: back } });
          return true;
        } catch (error) {
          fail(error, "mark");
          return false;
        }
      });
      if (isDone) await showAgain();
    },
    [fail, say, showAgain, teacher, undo, word],
  );

  /** Take back what was said of a photo in an earlier visit. */
  const withdraw = useCallback(
    async (id: string) => {
      const undone = await teacher.inTurn(async () => {
        try {
          const { undone } = await api.withdraw(asWords(word), id);
          say({ text: texts.noLongerMarked(word) });
          return undone;
        } catch (error) {
          fail(error, "undo");
          return "";
        }
      });
      if (!undone) return;
      drop([undone]); // nothing offers to undo it once more
      await showAgain([undone]);
    },
    [drop, fail, say, showAgain, teacher, word],
  );

  /** Something that is shown at once, and counts until the server has answered with it. */
  const expecting = useCallback(
    async (photos: readonly string[], verdict: Verdict | null, work: () => Promise<void>) => {
      const { pending } = teacher.lesson(word);
      if (photos.some((photo) => pending.has(photo))) return; // a second click before the first counts
      for (const photo of photos) teacher.tell(word, { type: "send", photo, verdict });
      await work();
      for (const photo of photos) teacher.tell(word, { type: "settle", photo });
    },
    [teacher, word],
  );

  const judgeAll = useCallback(
    (ids: readonly string[], verdict: Verdict) => {
      const shown = latest.current.hits.slice(0, MOST_SHOWN).map((hit) => hit.id);
      const judgement = { query: asWords(word), good: [], bad: [], shown, [verdict]: [...ids] };
      const photo = ids.length === 1 ? ids[0]! : null;
      const what = texts.markedAs(word, verdict, ids.length);
      void expecting(ids, verdict, () => learn(() => api.judge(judgement), what, photo, verdict));
    },
    [expecting, learn, word],
  );

  const judge = useCallback(
    (id: string, verdict: Verdict) => {
      const { before } = latest.current;
      if (before.get(id) === verdict) {
        const last = teacher.lesson(word).taught.findLast(({ photo }) => photo === id);
        const takeBack = () =>
          last?.verdict === verdict
            ? undo((taught) => taught.find(({ event }) => event === last.event))
            : withdraw(id);
        void expecting([id], null, takeBack);
      } else judgeAll([id], verdict);
    },
    [expecting, judgeAll, teacher, undo, withdraw, word],
  );

  const judging = useMemo(
    () => (word ? { word, marks: marksOf(hits, lesson.pending), judge } : null),
    [hits, judge, lesson.pending, word],
  );
  const learning = useMemo(
    () => answer?.learning && countsWith(answer.learning, before, lesson.pending),
    [answer, before, lesson.pending],
  );

  const undoLast = () => {
    const { taught, pending } = teacher.lesson(word);
    if (taught.length || pending.size) void undo((all) => all.at(-1));
    else say({ text: texts.nothingToUndo });
  };
  return {
    judging,
    learning: learning ?? null,
    lesson,
    undoLast,
    judgeAll,
    open: () => teacher.tell(word, { type: "open" }),
    close: () => teacher.tell(word, { type: "close" }),
    teach: (send, what) => expecting([what], "good", () => learn(send, what, null, "good")),
  };
}
