import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { asWords } from "../../address";
import * as api from "../../api";
import { useDrop } from "../../hooks/useLessons";
import { tellOtherTabs } from "../../hooks/useOtherTabs";
import { useOnce } from "../../hooks/useOnce";
import { type Message, useToast } from "../../hooks/useToast";
import { useOutdate, useUndo } from "../../hooks/useUndo";
import { texts } from "../../texts";
import { explain } from "../../texts/explain";
import type { LearnedWord, Verdict, WordEvent } from "../../types";

/** The server undoes no more events at once. */
const MOST_UNDONE = 10_000;

export interface WordChanges {
  rename: (word: string, name: string) => void;
  merge: (word: string, into: string) => void;
  /** The word that something has just become; it is shown once the words have been read again. */
  became: string;
  forget: (word: string) => void;
  /** Say of a photo that it shows a word, or does not. */
  judge: (word: string, id: string, verdict: Verdict) => void;
  /** Take an example of a word away that has been a match, or not. */
  remove: (word: string, id: string, verdict: Verdict) => void;
  importFrom: (file: File) => void;
  /** Words that are being changed; a file that is being imported is "". */
  running: ReadonlySet<string>;
}

/** A name is kept in the form in which it is found again, which may be another one than was typed. */
function renamed({ word, target }: WordEvent, typed: string): string {
  return texts.renamedTo(word, target, target !== typed.toLowerCase());
}

/** Changes to learned words; each says what it did and can be undone. */
export function useWordChanges(): WordChanges {
  const client = useQueryClient();
  const { say } = useToast();
  const outdate = useOutdate();
  const drop = useDrop();
  const [undo] = useUndo();
  const [start, running] = useOnce();
  const [became, setBecame] = useState("");
  return useMemo(() => {
    type Change = Pick<WordEvent, "event"> & Partial<WordEvent>;
    const change = <Event extends Change>(
      word: string,
      send: () => Promise<Event>,
      tell: (event: Event) => string,
      refused: (error: unknown) => Message = (error) => ({ text: explain(error, "rename") }),
    ) =>
      start(word, async () => {
        try {
          const event = await send();
          if (event.target) setBecame(event.target);
          outdate();
          const back = { label: texts.undo, run: () => undo(event.event) };
          say({ text: tell(event), event: event.event, action: back });
        } catch (error) {
          say({ ...refused(error), isError: true });
        }
      });
    const merge = (word: string, into: string) =>
      change(word, () => api.merge(word, into), (event) => texts.mergedInto(word, event.target));
    /** A name that another word has: perhaps they are to be one. */
    const taken = (word: string, name: string) => (error: unknown) => {
      const { words = [] } = client.getQueryData<{ words: LearnedWord[] }>(["words"]) ?? {};
      const other = words.find((one) => one.word === name.trim().toLowerCase())?.word;
      if (!other) return { text: explain(error, "rename") };
      const action = { label: texts.mergeIntoIt, run: () => merge(word, other) };
      return { text: texts.thereIs(other), action };
    };
    const undoImport = (events: readonly string[], read: () => Promise<void>) =>
      start("", async () => {
        try {
          await api.undoAll(events);
          await read();
          say({ text: texts.importUndone });
        } catch (error) {
          const action = { label: texts.undo, run: () => undoImport(events, read) };
          say({ text: explain(error, "undo"), isError: true, action });
        }
      });
    const judge = (word: string, id: string, verdict: Verdict) => {
      const examples = { good: [], bad: [], [verdict]: [id] };
      const send = () => api.teach(word, examples.good, examples.bad);
      change(word, send, () => texts.markedAs(word, verdict, 1), (error) => ({ text: explain(error, "mark") }));
    };
    return {
      running,
      became,
      judge,
      remove: (word, id, verdict) =>
        start(word, async () => {
          try {
            const { undone } = await api.withdraw(asWords(word), id);
            drop([undone]);
            outdate([undone]);
            const back = { label: texts.undo, run: () => judge(word, id, verdict) };
            say({ text: texts.exampleRemoved(word), action: back });
          } catch (error) {
            say({ text: explain(error, "remove"), isError: true });
          }
        }),
      rename: (word, name) =>
        change(word, () => api.rename(word, name), (event) => renamed(event, name), taken(word, name)),
      merge,
      forget: (word) => change(word, () => api.forget(word), () => texts.forgotten(word)),
      importFrom: (file) =>
        start("", async () => {
          try {
            const { events, added, words } = await api.importWords(file);
            const read = () => {
              tellOtherTabs();
              return client.invalidateQueries();
            };
            const back = () => undoImport(added, read);
            const action = { label: texts.undo, run: back };
            const canUndo = added.length > 0 && added.length <= MOST_UNDONE;
            await read();
            say({ text: texts.imported(events, words), ...(canUndo && { action }) });
          } catch (error) {
            say({ text: explain(error, "import"), isError: true });
          }
        }),
    };
  }, [became, client, drop, outdate, running, say, start, undo]);
}
