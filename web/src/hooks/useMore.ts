/** What an infinite query of TanStack's tells about its further pages. */
interface Paged {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  isFetchNextPageError: boolean;
  fetchNextPage: (options: { cancelRefetch: boolean }) => Promise<unknown>;
}

export interface More {
  hasMore: boolean;
  /** The last further page did not come; `more` waits until `again` was called. */
  hasFailed: boolean;
  isBusy: boolean;
  more: () => void;
  again: () => void;
}

/** Ask for further pages one at a time, and after a failure only when the user says so. */
export function useMore(query: Paged): More {
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query;
  const again = () => {
    if (!isFetchingNextPage) void fetchNextPage({ cancelRefetch: false });
  };
  return {
    hasMore: hasNextPage,
    hasFailed: isFetchNextPageError,
    isBusy: isFetchingNextPage,
    more: () => {
      if (!isFetchNextPageError) again();
    },
    again,
  };
}
