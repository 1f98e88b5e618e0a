import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useState } from "react";
import * as api from "../../api";

const PAUSE_MS = 120;
const MOST = 8;

/** Suggestions for what is being typed, and the keys of their list. */
export function useSuggestions(text: string, go: (words: string) => void) {
  const [isWanted, setIsWanted] = useState(false);
  const [active, setActive] = useState(-1);
  const [settled, setSettled] = useState("");
  useEffect(() => {
    setActive(-1);
    const timer = setTimeout(() => setSettled(text.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);

  const query = useQuery({
    queryKey: ["suggest", settled],
    queryFn: ({ signal }) => api.suggest(settled, signal),
    enabled: isWanted && settled.length > 0,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  const items = (query.data?.suggestions ?? []).filter((item) => item !== text).slice(0, MOST);
  const isOpen = isWanted && text.trim().length > 0 && items.length > 0;
  const chosen = isOpen ? items[active] : undefined;
  const close = () => {
    setIsWanted(false);
    setActive(-1);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step && isOpen) {
      event.preventDefault();
      // One more place than items: there, none is chosen.
      const places = items.length + 1;
      setActive(((active + 1 + step + places) % places) - 1);
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      close();
    } else if (event.key === "Tab" && chosen) {
      event.preventDefault();
      go(chosen);
    }
  };
  const activeId = (list: string) => (chosen ? `${list}-${active}` : undefined);
  return { items, isOpen, active, chosen, activeId, close, open: () => setIsWanted(true), onKeyDown };
}
