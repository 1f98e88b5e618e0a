import * as api from "../../api";
import controls from "../../parts/controls.module.css";
import type { Judged } from "../../types";
import styles from "./CallIt.module.css";

interface Props {
  like: string;
  word: string;
  teach: (send: () => Promise<Judged>, what: string) => Promise<void>;
}

/** A picture together with an unfamiliar word: perhaps the picture shows it. */
export function CallIt({ like, word, teach }: Props) {
  const send = () => teach(() => api.teach(word, [like]), `Learned ${word} from 1 picture`);
  return (
    <p className={styles.line}>
      <span>
        I don't know <strong>{word}</strong> yet. These photos are similar to the picture.
      </span>
      <button type="button" className={controls.button} onClick={() => void send()}>
        This picture shows {word}
      </button>
    </p>
  );
}
