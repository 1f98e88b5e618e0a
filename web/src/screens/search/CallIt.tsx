import * as api from "../../api";
import { useOnce } from "../../hooks/useOnce";
import controls from "../../parts/controls.module.css";
import type { Judged } from "../../types";
import styles from "./CallIt.module.css";
import { texts } from "../../texts";
import { fill } from "../../texts/fill";

interface Props {
  like: string;
  word: string;
  teach: (send: () => Promise<Judged>, what: string) => Promise<void>;
}

/** A picture together with an unfamiliar word: perhaps the picture shows it. */
export function CallIt({ like, word, teach }: Props) {
  const [start, running] = useOnce();
  const send = () => teach(() => api.teach(word, [like]), texts.learnedFromPictures(word, 1));
  return (
    <p className={styles.line}>
      <span>{fill(texts.similarToPicture, <strong>{word}</strong>)}</span>
      <button type="button" className={controls.button} disabled={running.size > 0} onClick={() => start(word, send)}>
        {texts.pictureShows(word)}
      </button>
    </p>
  );
}
