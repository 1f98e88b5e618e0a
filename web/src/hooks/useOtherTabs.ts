import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useDrop } from "./useLessons";

const CHANNEL = "magpie-taught";
/** A channel is heard in the tab that speaks, too. */
const TAB = Math.random();

interface News {
  tab: number;
  undone: readonly string[];
}

/** Tell other tabs that something was taught, and which events were undone. */
export function tellOtherTabs(undone: readonly string[] = []): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage({ tab: TAB, undone } satisfies News);
  channel.close();
}

/** Read again what another tab has changed. */
export function useOtherTabs(): void {
  const client = useQueryClient();
  const drop = useDrop();
  useEffect(() => {
    const channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = ({ data }: MessageEvent<Partial<News>>) => {
      const { tab, undone = [] } = data; // the page in another tab may be an older one
      if (tab === TAB) return;
      drop(undone);
      for (const key of ["words", "history", "search"])
        void client.invalidateQueries({ queryKey: [key] });
    };
    return () => channel.close();
  }, [client, drop]);
}
