import { useEffect, useRef } from "react";
import { type Search, searchKey } from "../../address";
import { useToast } from "../../hooks/useToast";
import type { Answer } from "../../types";
import { found, rankedAgain } from "./heard";
import type { Results } from "./useResults";

/** Tell screen readers what a search found, and what a judgement changed. */
export function useHeard(search: Search, results: Results): void {
  const { announce } = useToast();
  const { answer, hits, hasMore, isOutdated } = results;
  const last = useRef<{ key: string; answer: Answer } | null>(null);
  const key = searchKey(search);
  useEffect(() => {
    if (!answer || isOutdated) return;
    const before = last.current;
    last.current = { key, answer };
    if (before?.answer === answer) return;
    if (before?.key !== key) announce(found(search.words, hits.length, hasMore, answer.likely));
    else if (answer.learning) announce(rankedAgain(answer.learning, before.answer.hits, answer.hits));
  }, [announce, answer, hasMore, hits, isOutdated, key, search.words]);
}
