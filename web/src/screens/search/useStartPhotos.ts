import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import * as api from "../../api";
import { type More, useMore } from "../../hooks/useMore";
import type { Hit } from "../../types";

const PHOTOS = 30;

/** Random photos to start from; the same ones until the page is loaded again. */
export function useStartPhotos(enabled = true): { hits: readonly Hit[]; further: More } {
  const photos = useInfiniteQuery({
    queryKey: ["random", "start"],
    queryFn: ({ pageParam: { seed, offset }, signal }) =>
      api.random(seed, { offset, limit: PHOTOS }, signal),
    initialPageParam: { seed: Math.floor(Math.random() * 2 ** 32), offset: 0 },
    getNextPageParam: (last, _, { seed, offset }) =>
      last.hits.length < PHOTOS ? undefined : { seed, offset: offset + PHOTOS },
    staleTime: Infinity,
    enabled,
  });
  const hits = useMemo(() => photos.data?.pages.flatMap((page) => page.hits) ?? [], [photos.data]);
  return { hits, further: useMore(photos) };
}
