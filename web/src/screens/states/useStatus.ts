import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import * as api from "../../api";

const CALM_MS = 15_000;
const WATCHED_MS = 1_000;

/** What the library holds and whether it is being indexed; asked often only while it is. */
export function useStatus() {
  const client = useQueryClient();
  const query = useQuery({
    queryKey: ["status"],
    queryFn: api.status,
    retry: false,
    refetchInterval: ({ state }) => {
      if (state.error instanceof api.ApiError) return 1000 * state.error.retrySeconds;
      const status = state.data;
      return !status || status.indexing || !status.photos ? WATCHED_MS : CALM_MS;
    },
  });

  // Read again whatever was read while the server was unreachable or held no photos.
  const isGood = query.isSuccess && (query.data?.photos ?? 0) > 0;
  const wasGood = useRef(isGood);
  useEffect(() => {
    if (isGood && !wasGood.current) {
      void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "status" });
    }
    wasGood.current = isGood;
  }, [client, isGood]);
  return query;
}
