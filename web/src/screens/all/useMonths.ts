import { queryOptions, useQueries, useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import * as api from "../../api";
import { UNDATED } from "../../address";
import type { Hit } from "../../types";
import { joined } from "./months";

const PAGE = 1000;
/** Photos of a month that is out of sight are forgotten after that time. */
const KEPT_MS = 60_000;

export interface Month {
  key: string;
  count: number;
}

/** The months that have photos, newest first; last what has no date. */
export function useMonths(isEnabled = true) {
  return useQuery({
    queryKey: ["months"],
    enabled: isEnabled,
    queryFn: async ({ signal }): Promise<readonly Month[]> => {
      const { months, undated } = await api.months(signal);
      const dated = months.map(({ value, photos }) => ({ key: value, count: photos }));
      return undated ? [...dated, { key: UNDATED, count: undated }] : dated;
    },
  });
}

function monthQuery({ key, count }: Month) {
  return queryOptions({
    queryKey: ["month", key, count], // a month that has more photos by now is read again
    queryFn: async ({ signal }): Promise<readonly Hit[]> => {
      const pages: (readonly Hit[])[] = [];
      let cursor: string | null = "";
      while (cursor !== null) {
        const page: Awaited<ReturnType<typeof api.photos>> = await api.photos(key, cursor, PAGE, signal);
        pages.push(page.hits);
        cursor = page.next;
      }
      return joined(pages);
    },
    gcTime: KEPT_MS,
    staleTime: Infinity,
  });
}

export interface Loaded {
  hits: readonly Hit[] | null;
  again: (() => void) | null;
}

/** The photos of some months. */
export function usePhotosOf(months: readonly Month[]): ReadonlyMap<string, Loaded> {
  const queries = useQueries({ queries: months.map(monthQuery) });
  const known = useRef<ReadonlyMap<string, Loaded>>(new Map());
  const now = new Map(
    queries.map(({ data, isError, refetch }, n) => [
      months[n]!.key,
      { hits: data ?? null, again: isError && !data ? () => void refetch() : null },
    ]),
  );
  const isSame =
    now.size === known.current.size &&
    [...now].every(([key, { hits, again }]) => {
      const old = known.current.get(key);
      return old?.hits === hits && !old?.again === !again;
    });
  if (!isSame) known.current = now;
  return known.current;
}
