import type { Hit } from "../types";

/** Reasons whose text is the name of a label that the network gave the photo. */
const OF_LABELS: readonly string[] = ["label", "hypernym", "related", "word2vec", "translated"];

export function fileName(path: string): string {
  return path.split("/").at(-1) ?? path;
}

/** What a photo is called where it cannot be seen: what is in it, as far as known, and its file. */
export function photoName(hit: Pick<Hit, "path" | "reasons">): string {
  const [best] = hit.reasons
    .filter(({ kind, score }) => score > 0 && OF_LABELS.includes(kind))
    .sort((a, b) => b.score - a.score);
  const label = best?.what.split(",")[0];
  return label ? `${label}; ${fileName(hit.path)}` : fileName(hit.path);
}
