import type { Part } from "../../types";

/** Parts at the places they had before one was ignored or used again; new ones follow. */
export function inOrder(parts: readonly Part[], before: readonly string[]): Part[] {
  const place = ({ part }: Part) => {
    const known = before.indexOf(part);
    return known < 0 ? before.length : known;
  };
  return [...parts].sort((a, b) => place(a) - place(b));
}
