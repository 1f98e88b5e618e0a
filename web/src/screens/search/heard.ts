/** What screen readers say of results, which others see. */
import { texts } from "../../texts";
import type { Hit, Learning } from "../../types";

export function found(words: string, count: number, hasMore: boolean, likely = Infinity): string {
  const all = texts.found(words, count, hasMore);
  return likely < count ? `${all}, ${texts.likely(likely)}` : all;
}

export function rankedAgain(
  { word, good, bad }: Learning,
  before: readonly Hit[],
  now: readonly Hit[],
): string {
  const isSame = now.every(({ id }, n) => id === before[n]?.id);
  return texts.rankedAgain(word, good, bad, isSame);
}
