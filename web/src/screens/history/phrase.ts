import { texts } from "../../texts";
import type { HistoryEvent } from "../../types";

/** What an event did, as the texts before and after its word: "marked 1 photo for " and "". */
export function phrase(event: HistoryEvent): [string, string] {
  const [before = "", after = ""] = told(event).split("{}");
  return [before, after];
}

function told(event: HistoryEvent): string {
  const says = texts.event;
  switch (event.kind) {
    case "click":
      return says.click(event.good.length + event.bad.length);
    case "rename":
    case "merge":
      return says[event.kind](event.target);
    case "undo": // of an entry further down than those that are loaded
      return event.word ? says.undo : says.undoAny;
    default:
      return says[event.kind];
  }
}
