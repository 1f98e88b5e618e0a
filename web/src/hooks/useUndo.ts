import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import * as api from "../api";
import { texts } from "../texts";
import { explain } from "../texts/explain";
import { useDrop } from "./useLessons";
import { tellOtherTabs } from "./useOtherTabs";
import { useOnce } from "./useOnce";
import { type Message, useToast } from "./useToast";

/** After anything was taught: answers read before are outdated. */
export function useOutdate(): (undone?: readonly string[]) => void {
  const client = useQueryClient();
  return useCallback((undone?: readonly string[]) => {
    // The caller that taught ranks the visible search again; others are read again when next shown.
    void client.invalidateQueries({ queryKey: ["search"], refetchType: "none" });
    tellOtherTabs(undone);
    for (const key of ["words", "history", "status"]) {
      void client.invalidateQueries({ queryKey: [key] });
    }
  }, [client]);
}

/** What to say where an undo was refused: that another one was faster is not a failure. */
export function undoRefused(error: unknown): Message {
  return { text: explain(error, "undo"), isError: !api.isOver(error) };
}

/** Undo an event, once however often it is asked, then read again everything that it changed. */
export function useUndo(): [(event: string) => void, ReadonlySet<string>] {
  const client = useQueryClient();
  const { say } = useToast();
  const drop = useDrop();
  const [start, running] = useOnce();
  const undo = useCallback(
    (event: string) =>
      start(event, async () => {
        let isOver = true;
        try {
          await api.undo(event);
          say({ text: texts.undone });
        } catch (error) {
          isOver = api.isOver(error);
          say(undoRefused(error));
        }
        const over = isOver ? [event] : [];
        drop(over);
        tellOtherTabs(over);
        await client.invalidateQueries({ queryKey: ["words"] });
        await client.invalidateQueries({ queryKey: ["history"] });
        await client.invalidateQueries({ queryKey: ["search"], refetchType: "none" });
      }),
    [client, drop, say, start],
  );
  return [undo, running];
}
