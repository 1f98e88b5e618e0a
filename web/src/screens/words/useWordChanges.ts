import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import * as api from "../../api";
import { useToast } from "../../hooks/useToast";
import { useOutdate, useUndo } from "../../hooks/useUndo";
import type { WordEvent } from "../../types";

export interface WordChanges {
  rename: (word: string, name: string) => void;
  merge: (word: string, into: string) => void;
  forget: (word: string) => void;
  importFrom: (file: File) => void;
}

function imported(changes: number): string {
  if (!changes) return "Nothing new in this file";
  return changes === 1 ? "Imported 1 change" : `Imported ${changes} changes`;
}

/** Changes to learned words; each says what it did and can be undone. */
export function useWordChanges(): WordChanges {
  const client = useQueryClient();
  const { say } = useToast();
  const outdate = useOutdate();
  const undo = useUndo();
  return useMemo(() => {
    const change = async (send: Promise<WordEvent>, tell: (event: WordEvent) => string) => {
      try {
        const event = await send;
        outdate();
        const back = { label: "Undo", run: () => void undo(event.event) };
        say({ text: tell(event), action: back });
      } catch (error) {
        say({ text: (error as Error).message, isError: true });
      }
    };
    return {
      rename: (word, name) =>
        void change(api.rename(word, name), (event) => `Renamed ${word} to ${event.target}`),
      merge: (word, into) =>
        void change(api.merge(word, into), (event) => `Merged ${word} into ${event.target}`),
      forget: (word) => void change(api.forget(word), () => `${word} forgotten`),
      importFrom: async (file) => {
        try {
          const { events } = await api.importWords(file);
          await client.invalidateQueries();
          say({ text: imported(events) });
        } catch (error) {
          say({ text: (error as Error).message, isError: true });
        }
      },
    };
  }, [client, outdate, say, undo]);
}
