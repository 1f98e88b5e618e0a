import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import * as api from "../api";
import { useToast } from "./useToast";

/** After anything was taught: answers read before are outdated. */
export function useOutdate(): () => void {
  const client = useQueryClient();
  return useCallback(() => {
    // Whoever taught ranks the visible search again; others are read again when next shown.
    void client.invalidateQueries({ queryKey: ["search"], refetchType: "none" });
    for (const key of ["words", "history", "status"]) {
      void client.invalidateQueries({ queryKey: [key] });
    }
  }, [client]);
}

/** Undo an event, then read again everything that it changed. */
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
