import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import * as api from "../api";
import { useToast } from "./useToast";

/** After anything that teaches: what was read before no longer holds. */
export function useOutdate(): () => void {
  const client = useQueryClient();
  return useCallback(() => {
    // Searches in sight are ranked anew by whoever taught; others when they are looked at again.
    void client.invalidateQueries({ queryKey: ["search"], refetchType: "none" });
    for (const key of ["words", "history", "status"]) {
      void client.invalidateQueries({ queryKey: [key] });
    }
  }, [client]);
}

/** Take an event back; then everything that it changed is read again. */
export function useUndo(): (event: string) => Promise<void> {
  const client = useQueryClient();
  const { say } = useToast();
  return useCallback(
    async (event) => {
      try {
        await api.undo(event);
        say({ text: "Undone" });
      } catch (error) {
        say({ text: (error as Error).message, isError: true });
      }
      await client.invalidateQueries({ queryKey: ["words"] });
      await client.invalidateQueries({ queryKey: ["history"] });
      await client.invalidateQueries({ queryKey: ["search"], refetchType: "none" });
    },
    [client, say],
  );
}
