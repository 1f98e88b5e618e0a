/** Sets of chosen photos, by id. */
type Ids = ReadonlySet<string>;

export function toggled(before: Ids, id: string): Ids {
  const after = new Set(before);
  if (!after.delete(id)) after.add(id);
  return after;
}

/** With all from one photo to another, in an order, either way. */
export function chosenUpTo(before: Ids, order: readonly string[], from: string, to: string): Ids {
  const [a, b] = [order.indexOf(from), order.indexOf(to)];
  if (b < 0) return before;
  const start = a < 0 ? b : a;
  const span = order.slice(Math.min(start, b), Math.max(start, b) + 1);
  return new Set([...before, ...span]);
}
