import { texts } from "../../texts";
import { number, percent } from "../../texts/locale";
import type { Indexing } from "../../types";

/** "Reading photos: 340 of 1,200 (28%), 2 min left". */
export function progressText({ phase, done, total, remaining_seconds: left }: Indexing): string {
  const text = texts.phase[phase];
  if (phase === "looking" && done > 0) return texts.foundSoFar(text, number(done));
  if (phase !== "reading" || total === 0) return text;
  const share = percent(Math.floor((100 * done) / total) / 100);
  return texts.progress(text, number(done), number(total), share, left ? durationText(left) : "");
}

function durationText(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
