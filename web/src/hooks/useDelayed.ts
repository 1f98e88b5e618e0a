import { useEffect, useState } from "react";

/** Become true only when `waiting` has lasted: what is quick needs no sign of waiting. */
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
