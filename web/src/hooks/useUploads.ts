import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { texts } from "../texts";
import { decimal } from "../texts/locale";
import type { Status } from "../types";
import { shrink } from "./shrink";
import { useToast } from "./useToast";

/** Kinds of files that may be pictures or films: where the system knows none, the server does. */
const PICTURES = /^((image|video)\/|application\/octet-stream$|$)/;

export interface Uploads {
  /**
   * Those of some files that may be pictures, the large ones made smaller; none, and why is said,
   * where one stays too large.
   */
  pictures: (files: readonly File[]) => Promise<readonly File[]>;
  /** Whether so many teach a word at once; says it where they do not. */
  areFew: (files: readonly File[]) => boolean;
}

/** Refuses what the server would refuse, before any of it is sent. */
export function useUploads(): Uploads {
  const client = useQueryClient();
  const { say } = useToast();
  return useMemo(() => {
    const limits = () => client.getQueryData<{ status?: Status }>(["status"])?.status;
    const refuse = (text: string) => say({ text, isError: true });
    return {
      pictures: async (files) => {
        // One more than may be sent is enough to say that they are too many.
        const enough = (limits()?.upload_files ?? Infinity) + 1;
        const pictures = files.filter(({ type }) => PICTURES.test(type)).slice(0, enough);
        const most = limits()?.upload_bytes ?? Infinity;
        if (files.length && !pictures.length) refuse(texts.error.not_an_image);
        const sent: File[] = [];
        for (const picture of pictures) {
          const small = picture.size > most ? await shrink(picture) : picture;
          if (!small || small.size > most) {
            refuse(texts.tooLarge(picture.name, decimal(most / 1e6, most % 1e6 ? 1 : 0)));
            return [];
          }
          sent.push(small);
        }
        return sent;
      },
      areFew: ({ length }) => {
        const most = limits()?.upload_files ?? Infinity;
        if (length > most) refuse(texts.tooManyPictures(most));
        return length <= most;
      },
    };
  }, [client, say]);
}
