import { describe, expect, it } from "vitest";
import type { HistoryEvent } from "../../types";
import { phrase } from "./phrase";

function event(kind: HistoryEvent["kind"], rest: Partial<HistoryEvent> = {}): HistoryEvent {
  const nothing = { good: [], bad: [], target: "", query: "", undone: false, user: "anonymous" };
  return { ...nothing, id: kind, kind, word: "zebra", time: "2024-05-01T12:00:00Z", ...rest };
}

describe("entries of the history", () => {
  const click = event("click", { good: ["a"], bad: [] });
  it.each([
    [click, undefined, "marked 1 photo for zebra"],
    [event("click", { good: ["a"], bad: ["b", "c"] }), undefined, "marked 3 photos for zebra"],
    [event("teach"), undefined, "taught zebra"],
    [event("forget"), undefined, "forgot zebra"],
    [event("rename", { target: "horse" }), undefined, "renamed zebra to horse"],
    [event("merge", { target: "horse" }), undefined, "merged zebra into horse"],
    [event("undo", { target: "click" }), click, "undid: marked 1 photo for zebra"],
    [event("undo", { target: "older" }), undefined, "undid a change to zebra"],
    [event("undo", { target: "older", word: "" }), undefined, "undid a change"],
  ])("%#", (entry, undone, told) => {
    const [before, after] = phrase(entry, undone);
    expect(before + entry.word + after).toBe(told);
  });
});
