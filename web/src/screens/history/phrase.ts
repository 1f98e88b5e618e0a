import type { HistoryEvent } from "../../types";

/**
 * What an event did, as the texts before and after its word: "marked 1 photo for " and "". `undone`
 * is the event that an undo took back, where it is known.
 */
export function phrase(event: HistoryEvent, undone?: HistoryEvent): [string, string] {
  switch (event.kind) {
    case "click": {
      const photos = event.good.length + event.bad.length;
      return [`marked ${photos === 1 ? "1 photo" : `${photos} photos`} for `, ""];
    }
    case "teach":
      return ["taught ", ""];
    case "forget":
      return ["forgot ", ""];
    case "rename":
      return ["renamed ", ` to ${event.target}`];
    case "merge":
      return ["merged ", ` into ${event.target}`];
    case "undo": {
      if (!undone) return [event.word ? "undid a change to " : "undid a change", ""];
      const [before, after] = phrase(undone);
      return [`undid: ${before}`, after];
    }
  }
}
