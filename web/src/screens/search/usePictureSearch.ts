import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useNavigate } from "../../place";
import * as api from "../../api";
import { type Search, searchAddress, searchKey } from "../../address";
import { useToast } from "../../hooks/useToast";
import { texts } from "../../texts";
import { explain } from "../../texts/explain";
import { keepAnswer, PAGE } from "./useResults";

/**
 * Search by a picture from outside, together with the words in the bar; and whether one is on its
 * way. A later picture, or another search, takes its place.
 */
export function usePictureSearch(search: Search): [(files: readonly File[]) => void, boolean] {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { say } = useToast();
  const running = useRef<AbortController>(null);
  const [isRunning, setIsRunning] = useState(false);
  const place = searchKey(search);
  useEffect(() => () => running.current?.abort(), [place]);

  const look = async ([file, ...others]: readonly File[]) => {
    if (!file) return;
    running.current?.abort();
    const run = new AbortController();
    running.current = run;
    setIsRunning(true);
    try {
      const { words } = search;
      const answer = await api.searchByPicture(file, words, PAGE, run.signal);
      if (run.signal.aborted || !answer.like) return;
      const found: Search = { words, like: answer.like.id, without: [] };
      keepAnswer(client, found, answer, PAGE);
      void navigate(searchAddress(found));
      if (others.length) say({ text: texts.onlyFirst });
    } catch (error) {
      if (!run.signal.aborted) say({ text: explain(error), isError: true });
    } finally {
      if (running.current === run) setIsRunning(false);
    }
  };
  return [(files) => void look(files), isRunning];
}
