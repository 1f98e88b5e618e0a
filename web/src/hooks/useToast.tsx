import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from "react";

export interface Message {
  text: string;
  isError?: boolean;
  /** What the action takes back; once that is undone elsewhere, the message goes. */
  event?: string;
  action?: { label: string; run: () => void };
}

interface Toasts {
  /** Counts up, so that the same text twice is shown again. */
  message: (Message & { number: number }) | null;
  say: (message: Message) => void;
  /** For screen readers alone: what others see happen. */
  heard: string;
  announce: (text: string) => void;
  dismiss: () => void;
  /** Take away the message about something that has been undone. */
  drop: (events: readonly string[]) => void;
}

const Context = createContext<Toasts | null>(null);

export function ToastProvider({ children }: { children: ReactNode }) {
  const [message, setMessage] = useState<Toasts["message"]>(null);
  const count = useRef(0);
  const say = useCallback((next: Message) => setMessage({ ...next, number: ++count.current }), []);
  const [heard, setHeard] = useState("");
  // The same text twice is heard twice if it differs.
  const announce = useCallback((text: string) => {
    setHeard((last) => (last === text ? `${text}\u00a0` : text));
  }, []);
  const dismiss = useCallback(() => setMessage(null), []);
  const drop = useCallback((events: readonly string[]) => {
    setMessage((last) => (last?.event && events.includes(last.event) ? null : last));
  }, []);
  const value = useMemo(
    () => ({ message, say, heard, announce, dismiss, drop }),
    [message, say, heard, announce, dismiss, drop],
  );
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export function useToast(): Toasts {
  const toasts = useContext(Context);
  if (!toasts) throw new Error("useToast needs a ToastProvider above it");
  return toasts;
}
