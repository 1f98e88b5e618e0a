import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from "react";

export interface Message {
  text: string;
  isError?: boolean;
  action?: { label: string; run: () => void };
}

interface Toasts {
  /** Counts up, so that the same text twice is shown again. */
  message: (Message & { number: number }) | null;
  say: (message: Message) => void;
  dismiss: () => void;
}

const Context = createContext<Toasts | null>(null);

export function ToastProvider({ children }: { children: ReactNode }) {
  const [message, setMessage] = useState<Toasts["message"]>(null);
  const say = useCallback((next: Message) => {
    setMessage((last) => ({ ...next, number: (last?.number ?? 0) + 1 }));
  }, []);
  const dismiss = useCallback(() => setMessage(null), []);
  const value = useMemo(() => ({ message, say, dismiss }), [message, say, dismiss]);
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export function useToast(): Toasts {
  const toasts = useContext(Context);
  if (!toasts) throw new Error("useToast needs a ToastProvider above it");
  return toasts;
}
