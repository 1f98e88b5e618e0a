import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import * as api from "../../api";
import type { Status } from "../../types";

const CALM_MS = 15_000;
const WATCHED_MS = 1_000;
const KEY = ["status"] as const;

/** How the last request ended; what one tells stays known while the next is under way, or fails. */
interface Outcome {
  status: Status | undefined;
  trouble: Error | null;
}

export interface Known extends Outcome {
  retry: () => void;
}

/** What the library holds and whether it is being indexed; asked often only while it is. */
export function useStatus(): Known {
  const client = useQueryClient();
  const query = useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }): Promise<Outcome> => {
      try {
        return { status: await api.status(signal), trouble: null };
      } catch (error) {
        if (signal.aborted) throw error;
        // Data rather than an error, which would be forgotten as soon as the next request starts.
        const before = client.getQueryData<Outcome>(KEY)?.status;
        return { status: before, trouble: error as Error };
      }
    },
    retry: false,
    refetchInterval: ({ state }) => pauseMs(state.data),
  });
  const { status, trouble = null } = query.data ?? {};

  // Read again whatever was read while the server was unreachable or held no photos.
  const isGood = !trouble && (status?.photos ?? 0) > 0;
  const wasGood = useRef(isGood);
  useEffect(() => {
    if (isGood && !wasGood.current) {
      const predicate = ({ queryKey }: { queryKey: readonly unknown[] }) => queryKey[0] !== KEY[0];
      void client.invalidateQueries({ predicate, refetchType: "none" });
      // What is on the screen stays; only what failed is asked for at once.
      void client.refetchQueries({
        type: "active",
        predicate: (other) => predicate(other) && other.state.status === "error",
      });
    }
    wasGood.current = isGood;
  }, [client, isGood]);
  return { status, trouble, retry: () => void query.refetch() };
}

/** How long to wait before asking again; false at a lock, which only a key opens. */
function pauseMs(outcome: Outcome | undefined): number | false {
  const { status, trouble } = outcome ?? {};
  if (api.isLocked(trouble)) return false;
  if (trouble) return 1000 * (trouble instanceof api.ApiError ? trouble.retrySeconds : 2);
  return !status || status.indexing || !status.photos ? WATCHED_MS : CALM_MS;
}
