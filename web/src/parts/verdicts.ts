/** What the page calls the two verdicts of the API, good and bad. */
import type { Verdict } from "../types";

export const VERDICTS: Readonly<Record<Verdict, string>> = { good: "Match", bad: "Not a match" };

export const MARKED: Readonly<Record<Verdict, string>> = {
  good: "marked as a match",
  bad: "marked as not a match",
};

/** "1 match", "2 matches", "2 wrong". */
export function counted(count: number, verdict: Verdict): string {
  if (verdict === "bad") return `${count} wrong`;
  return count === 1 ? "1 match" : `${count} matches`;
}
