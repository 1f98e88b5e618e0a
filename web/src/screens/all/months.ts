import type { Hit } from "../../types";

/** Photos of so many months are kept at a time. */
export const MOST_MONTHS = 40;

/**
 * The months to keep once some have come into sight: those seen last, and beyond the limit those
 * that are held.
 */
export function keptMonths(
  before: readonly string[],
  seen: readonly string[],
  isHeld: (month: string) => boolean,
): readonly string[] {
  const others = before.filter((month) => !seen.includes(month));
  if (!others.length && before.length === seen.length) return before;
  const beyond = Math.max(0, others.length + seen.length - MOST_MONTHS);
  return [...others.filter((month, n) => n >= beyond || isHeld(month)), ...seen];
}

/** Photos of several pages, each once: one that changes meanwhile may come again. */
export function joined(pages: readonly (readonly Hit[])[]): readonly Hit[] {
  return [...new Map(pages.flat().map((hit) => [hit.id, hit])).values()];
}
