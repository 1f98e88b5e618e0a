import {
  type InfiniteData,
  keepPreviousData,
  type QueryClient,
  useInfiniteQuery,
} from "@tanstack/react-query";
import { useMemo } from "react";
import * as api from "../../api";
import { isEmpty, type Search, searchKey } from "../../address";
import { type More, useMore } from "../../hooks/useMore";
import type { Answer, Hit } from "../../types";

/** Photos per request. */
export const PAGE = 60;
/** At most this many photos are ranked again after a judgement; scrolling brings the rest. */
const MOST_AGAIN = 10 * PAGE;
/** The API answers no further. */
const DEEPEST = 10_000;

export function resultsKey(search: Search) {
  return ["search", searchKey(search)] as const;
}

export interface Results extends More {
  /** The first page of the answer, with its understanding; undefined until it has arrived. */
  answer: Answer | undefined;
  hits: readonly Hit[];
  /** Null as long as there is an answer to show. */
  error: Error | null;
  /** No answer has arrived yet. */
  isWaiting: boolean;
  /** `hits` are those of the previous search. */
  isOutdated: boolean;
  retry: () => void;
}

export function useResults(search: Search): Results {
  const query = useInfiniteQuery({
    queryKey: resultsKey(search),
    queryFn: ({ pageParam, signal }) =>
      api.search(search, { offset: pageParam, limit: PAGE }, signal),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => {
      const next = pages.length * PAGE;
      return last.hits.length < PAGE || next + PAGE > DEEPEST ? undefined : next;
    },
    placeholderData: keepPreviousData,
    enabled: !isEmpty(search) && search.all === undefined,
  });
  // After an error, what another search found is not shown again.
  const isAgain = query.isPlaceholderData && query.errorUpdateCount > 0;
  const data = isAgain ? undefined : query.data;
  const further = useMore(query);
  const hits = useMemo(() => unique(data?.pages ?? []), [data]);
  return {
    answer: data?.pages[0],
    hits,
    error: data ? null : query.error,
    isWaiting: query.isPending || isAgain,
    isOutdated: query.isPlaceholderData && !isAgain,
    ...further,
    hasMore: further.hasMore && !query.isPlaceholderData,
    retry: () => void query.refetch(),
  };
}

/** A ranking that changes between two requests may hold a photo twice; the first place counts. */
function unique(pages: readonly Answer[]): Hit[] {
  const seen = new Set<string>();
  return pages.flatMap((page) =>
    page.hits.filter((hit) => !seen.has(hit.id) && seen.add(hit.id)),
  );
}

/** Ask again, in one request, for as many photos as are loaded, and replace them. */
export async function rankAgain(
  client: QueryClient,
  search: Search,
  signal: AbortSignal,
): Promise<void> {
  const key = resultsKey(search);
  await client.cancelQueries({ queryKey: key });
  const loaded = client.getQueryData<InfiniteData<Answer, number>>(key)?.pages.length ?? 1;
  const limit = Math.min(loaded * PAGE, MOST_AGAIN);
  const answer = await api.search(search, { offset: 0, limit }, signal);
  // A further page that was asked for meanwhile would bring the old ranking back.
  await client.cancelQueries({ queryKey: key });
  signal.throwIfAborted();
  keepAnswer(client, search, answer, limit);
}

/** Cache an answer with up to `limit` photos as if it had been requested page by page. */
export function keepAnswer(
  client: QueryClient,
  search: Search,
  answer: Answer,
  limit: number,
): void {
  const pages = Array.from({ length: Math.ceil(limit / PAGE) }, (_, n) => ({
    ...answer,
    hits: answer.hits.slice(n * PAGE, (n + 1) * PAGE),
  })).filter((page, n) => n === 0 || page.hits.length > 0);
  const data = { pages, pageParams: pages.map((_, n) => n * PAGE) };
  client.setQueryData<InfiniteData<Answer, number>>(resultsKey(search), data);
}
