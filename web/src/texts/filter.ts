import type { Filter } from "../types";
import { dayNamed } from "../parts/time";
import { texts } from ".";
import { number } from "./locale";

/** What a filter was taken for, as "from 1 June 2019 to 31 August 2019". */
export function meaningOf({ kind, value, meaning }: Filter): string {
  const says = texts.filter;
  const [first = "", last] = (meaning.match(/\d{4}-\d\d-\d\d/g) ?? []).map(dayNamed);
  if (value.startsWith("=") && (kind === "camera" || kind === "place" || kind === "folder"))
    return says.whole[kind](value.slice(1));
  switch (kind) {
    case "after":
      return says.from(first);
    case "before":
      return says.before(first);
    case "on":
    case "in":
      return last ? says.between(first, last) : says.on(first);
    case "width":
    case "height":
      return says[kind](number(parseInt(value)));
    case "format":
      return says.format(meaning.split(" ").at(-1) ?? value);
    default:
      return says[kind](value);
  }
}
