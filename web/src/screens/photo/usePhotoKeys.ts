import { useEffect } from "react";
import { useLocation, useNavigate } from "react-router";
import { NOTHING, photoAddress, type Search, searchAddress } from "../../address";
import { useKeys } from "../../hooks/useKeys";
import type { Verdict } from "../../types";
import type { Teaching } from "../search/useJudging";
import type { Results } from "../search/useResults";

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
  const { state } = useLocation();
  const depth = (state as { depth?: number } | null)?.depth ?? 0;
  const { hits, hasMore, more } = results;
  const at = hits.findIndex((hit) => hit.id === id);
  useEffect(() => {
    if (hasMore && at >= hits.length - 3) more();
  });

  const close = () => {
    if (depth > 0) navigate(-depth);
    else navigate(searchAddress(search), { replace: true });
  };
  const to = (index: number) => {
    const hit = at < 0 ? undefined : hits[index];
    if (!hit) return null;
    return () => void navigate(photoAddress(hit.id, search), { replace: true, state: { depth } });
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
