import { useEffect, useState } from "react";

/** Turn true only after `waiting` has lasted a while: quick answers need no sign of waiting. */
export function useDelayed(waiting: boolean, delayMs = 300): boolean {
  const [isLong, setIsLong] = useState(false);
  useEffect(() => {
    if (!waiting) {
      setIsLong(false);
      return;
    }
    const timer = setTimeout(() => setIsLong(true), delayMs);
    return () => clearTimeout(timer);
  }, [waiting, delayMs]);
  return waiting && isLong;
}
