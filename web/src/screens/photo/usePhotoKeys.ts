import { useEffect } from "react";
import { usePlace, useNavigate } from "../../place";
import { around, isEmpty, NOTHING, photoAddress, type Search, searchAddress } from "../../address";
import { useKeys } from "../../hooks/useKeys";
import type { Verdict } from "../../types";
import type { Teaching } from "../search/useJudging";
import type { Results } from "../search/useResults";
import { useStartPhotos } from "../search/useStartPhotos";

/** Photos of a ranking among which the open one is sought. */
const MOST_SOUGHT = 1200;

interface Options {
  id: string;
  search: Search;
  results: Results;
  teaching: Teaching;
}

export interface Walk {
  /** How many photos were opened from one another; Back leaves them all. */
  depth: number;
  close: () => void;
  previous: (() => void) | null;
  next: (() => void) | null;
}

/** Moving through the results with a photo open, and the keys that work there. */
export function usePhotoKeys({ id, search, results, teaching }: Options): Walk {
  const navigate = useNavigate();
  const { state } = usePlace();
  const depth = (state as { depth?: number } | null)?.depth ?? 0;
  const isFromStart = isEmpty(search);
  const start = useStartPhotos(isFromStart);
  const hits = isFromStart ? start.hits : results.hits;
  const { hasMore, more } = results;
  const at = hits.findIndex((hit) => hit.id === id);
  // An address that was loaded again or sent: the photo may lie deeper than one has scrolled.
  const isSought = at < 0 && depth <= 1 && !results.isOutdated && hits.length < MOST_SOUGHT;
  useEffect(() => {
    if (hasMore && (isSought || at >= hits.length - 3)) more();
  });

  const close = () => {
    if (depth > 0) navigate(-depth);
    else navigate(searchAddress(search), { replace: true });
  };
  const to = (index: number) => {
    const hit = at < 0 ? undefined : hits[index];
    if (!hit) return null;
    return () => void navigate(photoAddress(hit.id, around(search, hit)), { replace: true, state: { depth } });
  };
  const walk = { depth, close, previous: to(at - 1), next: to(at + 1) };

  const judge = (verdict: Verdict) => () => teaching.judging?.judge(id, verdict);
  useKeys({
    Escape: close,
    ArrowLeft: () => walk.previous?.(),
    ArrowRight: () => walk.next?.(),
    g: judge("good"),
    "+": judge("good"),
    b: judge("bad"),
    "-": judge("bad"),
    u: teaching.undoLast,
    s: () => void navigate(searchAddress({ ...NOTHING, like: id })),
  });
  return walk;
}
