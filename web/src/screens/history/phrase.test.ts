import { describe, expect, it } from "vitest";
import type { HistoryEvent } from "../../types";
import { phrase } from "./phrase";

function event(kind: HistoryEvent["kind"], rest: Partial<HistoryEvent> = {}): HistoryEvent {
  const nothing = { good: [], bad: [], target: "", query: "", undone: false, user: "anonymous" };
  return { ...nothing, id: kind, kind, word: "zebra", time: "2024-05-01T12:00:00Z", ...rest };
}

describe("entries of the history", () => {
  it.each([
    [event("click", { good: ["a"], bad: [] }), "marked 1 photo for zebra"],
    [event("click", { good: ["a"], bad: ["b", "c"] }), "marked 3 photos for zebra"],
    [event("teach"), "taught zebra"],
    [event("forget"), "forgot zebra"],
    [event("rename", { target: "horse" }), "renamed zebra to horse"],
    [event("merge", { target: "horse" }), "merged zebra into horse"],
    [event("undo", { target: "older" }), "undid a change to zebra"],
    [event("undo", { target: "older", word: "" }), "undid a change"],
  ])("%#", (entry, told) => {
    const [before, after] = phrase(entry);
    expect(before + entry.word + after).toBe(told);
  });
});
