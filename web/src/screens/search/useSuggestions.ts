import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useState } from "react";
import * as api from "../../api";
import type { Suggested } from "../../types";
import { forgetSearches, goingOn, recentSearches } from "./recent";

const PAUSE_MS = 120;
const MOST = 10;
/** Recent searches: beside what is completed, and where nothing is typed. */
const [MOST_BESIDE, MOST_RECENT] = [3, 8];

/** One line of the list; the one that forgets recent searches has no words. */
export interface Suggestion {
  kind: "recent" | "completion" | "forget";
  words: string;
  /** That are likely to show it; null where that is not known. */
  photos: number | null;
}

const FORGET: Suggestion = { kind: "forget", words: "", photos: null };

/** Suggestions for what is being typed, and the keys of their list. */
export function useSuggestions(text: string, go: (words: string) => void) {
  const [isWanted, setIsWanted] = useState(false);
  // By its words: a list that comes late does not put another one under the key that chooses.
  const [picked, setPicked] = useState<Suggestion | null>(null);
  const [settled, setSettled] = useState("");
  const [recent, setRecent] = useState<readonly string[]>([]);
  const typed = text.trim();
  useEffect(() => {
    setPicked(null);
    const timer = setTimeout(() => setSettled(typed), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);

  const query = useQuery({
    queryKey: ["suggest", settled],
    queryFn: ({ signal }) => api.suggest(settled, signal),
    enabled: isWanted && settled.length > 0,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  const items = listed(typed, recent, query.data);
  const active = items.findIndex(({ kind, words }) => kind === picked?.kind && words === picked.words);
  const isOpen = isWanted && items.length > 0;
  const chosen = isOpen ? items[active] : undefined;
  const open = () => {
    setRecent(recentSearches());
    setIsWanted(true);
  };
  const close = () => {
    setIsWanted(false);
    setPicked(null);
  };
  const choose = ({ kind, words }: Suggestion) => {
    if (kind !== "forget") return go(words);
    forgetSearches();
    setRecent([]);
    close();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step && isOpen) {
      event.preventDefault();
      // One more place than items: there, none is chosen.
      const places = items.length + 1;
      setPicked(items[((active + 1 + step + places) % places) - 1] ?? null);
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      close();
    } else if (event.key === "Tab" && chosen) {
      event.preventDefault();
      choose(chosen);
    }
  };
  const activeId = (list: string) => (chosen ? `${list}-${active}` : undefined);
  return { items, isOpen, active, chosen, activeId, choose, close, open, onKeyDown };
}

/** Recent searches that go on from what is typed, then completions of it that find something. */
function listed(
  typed: string,
  recent: readonly string[],
  answer: Suggested | undefined,
): Suggestion[] {
  const before = goingOn(recent, typed).slice(0, typed ? MOST_BESIDE : MOST_RECENT);
  const photosOf = (words: string) => answer?.photos?.[words] ?? null; // older servers tell none
  const completions = (typed && answer?.suggestions) || [];
  const found = completions.filter(
    (words) => words !== typed && photosOf(words) !== 0 && !before.includes(words),
  );
  const told = (kind: Suggestion["kind"]) => (words: string) => ({ kind, words, photos: photosOf(words) });
  const items = [...before.map(told("recent")), ...found.map(told("completion"))].slice(0, MOST);
  return typed || !items.length ? items : [...items, FORGET];
}
