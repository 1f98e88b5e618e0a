import { texts } from "../../texts";
import { number } from "../../texts/locale";

const KINDS = 6;
/** What stands for files without an ending. */
export const NO_ENDING = "(none)";

/** "312 files left out: 280 .mp4, 32 .txt and 5 others", from ending to number, most first. */
export function leftOutText(leftOut: Readonly<Record<string, number>>): string {
  const kinds = Object.entries(leftOut);
  const sum = (some: typeof kinds) => some.reduce((total, [, files]) => total + files, 0);
  const named = kinds
    .slice(0, KINDS)
    .map(([ending, files]) => `${number(files)} ${ending === NO_ENDING ? texts.noEnding : ending}`);
  return texts.leftOut(sum(kinds), named.join(", "), sum(kinds.slice(KINDS)));
}
