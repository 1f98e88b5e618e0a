import type { Hit, Learning, Verdict } from "../../types";

type Pending = ReadonlyMap<string, Verdict | null>;

function markOf(hit: Hit): Verdict | undefined {
  const { good = 0, bad = 0 } = hit.judged ?? {};
  if (good === bad) return undefined;
  return good > bad ? "good" : "bad";
}

/** The marks of photos by id: those of an answer, and those on their way to the server. */
export function marksOf(hits: readonly Hit[], pending: Pending): ReadonlyMap<string, Verdict> {
  const marks = new Map<string, Verdict>();
  for (const hit of hits) {
    const mark = markOf(hit);
    if (mark) marks.set(hit.id, mark);
  }
  for (const [id, verdict] of pending) {
    if (verdict) marks.set(id, verdict);
    else marks.delete(id);
  }
  return marks;
}

/** The counts of an answer as they will be once all that is on its way has arrived. */
export function countsWith(
  learning: Learning,
  before: ReadonlyMap<string, Verdict>,
  pending: Pending,
): Learning {
  const counts = { ...learning };
  for (const [id, verdict] of pending) {
    const old = before.get(id);
    if (old) counts[old] = Math.max(0, counts[old] - 1);
    if (verdict) counts[verdict] += 1;
  }
  return counts;
}
