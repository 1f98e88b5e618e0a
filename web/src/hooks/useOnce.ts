import { useCallback, useRef, useState } from "react";

/** Starts a work under a name, unless one of that name is under way. */
export type Start = (name: string, work: () => Promise<unknown>) => void;

/** Works that are started once at a time, however often a button is clicked; and their names. */
export function useOnce(): [Start, ReadonlySet<string>] {
  const running = useRef(new Set<string>());
  const [shown, setShown] = useState<ReadonlySet<string>>(new Set());
  const start = useCallback<Start>((name, work) => {
    if (running.current.has(name)) return;
    const tell = () => setShown(new Set(running.current));
    running.current.add(name);
    tell();
    void work().finally(() => {
      running.current.delete(name);
      tell();
    });
  }, []);
  return [start, shown];
}
