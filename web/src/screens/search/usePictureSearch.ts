import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import * as api from "../../api";
import { type Search, searchAddress } from "../../address";
import { useToast } from "../../hooks/useToast";
import { keepAnswer, PAGE } from "./useResults";

/** Search by a picture from outside, together with the words in the bar. */
export function usePictureSearch(words: string) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { say } = useToast();
  return useMutation({
    mutationFn: (file: File) => api.searchByPicture(file, words, PAGE),
    onSuccess: (answer) => {
      if (!answer.like) return;
      const search: Search = { words, like: answer.like.id, without: [] };
      keepAnswer(client, search, answer, PAGE);
      navigate(searchAddress(search));
    },
    onError: (error) => say({ text: refusal(error), isError: true }),
  });
}

/** Why a picture was refused, and what to do. */
export function refusal(error: Error): string {
  const status = error instanceof api.ApiError ? error.status : 0;
  if (status === 415) return "Magpie can't read this file. Try a JPEG, PNG, WebP or HEIC.";
  if (status === 413) return "This picture is too large. Try a smaller copy.";
  return error.message;
}
