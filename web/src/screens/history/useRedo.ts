import { useCallback } from "react";
import * as api from "../../api";
import { useOnce } from "../../hooks/useOnce";
import { useToast } from "../../hooks/useToast";
import { useOutdate } from "../../hooks/useUndo";
import { texts } from "../../texts";
import { explain } from "../../texts/explain";
import type { HistoryEvent } from "../../types";

/** Send again what an event said. */
function again({ kind, word, good, bad, target }: HistoryEvent): Promise<unknown> {
  switch (kind) {
    case "click":
      return api.judge({ query: word, good, bad, shown: [] });
    case "teach":
      return api.teach(word, good, bad);
    case "forget":
      return api.forget(word);
    case "rename":
      return api.rename(word, target);
    case "merge":
      return api.merge(word, target);
    case "undo":
      return api.undo(target);
  }
}

/** Do again what was undone, as a new event. */
export function useRedo(): (event: HistoryEvent) => void {
  const { say } = useToast();
  const outdate = useOutdate();
  const [start] = useOnce();
  return useCallback(
    (event) =>
      start(event.id, async () => {
        try {
          await again(event);
          say({ text: texts.doneAgain });
        } catch (error) {
          say({ text: explain(error, "redo"), isError: true });
        }
        outdate();
      }),
    [outdate, say, start],
  );
}
