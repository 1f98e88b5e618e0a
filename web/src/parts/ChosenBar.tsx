import * as api from "../api";
import type { Chosen } from "../hooks/useChosen";
import { useKeys } from "../hooks/useKeys";
import { useOnce } from "../hooks/useOnce";
import { useToast } from "../hooks/useToast";
import { texts } from "../texts";
import { explain } from "../texts/explain";
import { fill } from "../texts/fill";
import type { Hit, Verdict } from "../types";
import styles from "./bar.module.css";
import { Icon } from "./Icon";

/** The server sends no more as one file. */
const MOST_ZIPPED = 500;

interface Props {
  chosen: Chosen;
  hits: readonly Hit[];
  /** A word that the photos can be marked for, all by one mark. */
  word?: string | undefined;
  onJudge?: (ids: readonly string[], verdict: Verdict) => void;
}

/** At the bottom edge while photos are chosen: what can be done with all of them. */
export function ChosenBar({ chosen, hits, word, onJudge }: Props) {
  const { say } = useToast();
  const [start, running] = useOnce();
  const { ids, clear } = chosen;
  const photos = hits.filter(({ id }) => ids.has(id));
  useKeys({ Escape: clear }, ids.size > 0);
  if (!ids.size) return null;

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(photos.map(({ path }) => path).join("\n"));
      say({ text: texts.pathsCopied(ids.size) });
    } catch {
      say({ text: texts.notCopied.paths, isError: true });
    }
  };
  const download = async () => {
    try {
      const file = await api.zipped([...ids]);
      save(file, "photos.zip");
    } catch (error) {
      say({ text: explain(error, "file"), isError: true });
    }
  };
  return (
    <section className={styles.bar} aria-label={texts.chosenPhotos}>
      <p className={styles.text} aria-live="polite">
        {fill(texts.chosenCount, <strong>{texts.photoCount(ids.size)}</strong>)}
      </p>
      {word &&
        (["good", "bad"] as const).map((verdict) => (
          <button
            key={verdict}
            type="button"
            className={styles.button}
            aria-label={texts.verdictForMany(verdict, word, ids.size)}
            onClick={() => {
              onJudge?.([...ids], verdict);
              clear();
            }}
          >
            <Icon name={verdict} /> <span className={styles.label}>{texts.verdict[verdict]}</span>
          </button>
        ))}
      <button type="button" className={styles.button} onClick={() => void copy()}>
        <Icon name="copy" /> <span className={styles.label}>{texts.copyPaths(ids.size)}</span>
      </button>
      <button
        type="button"
        className={styles.button}
        disabled={ids.size > MOST_ZIPPED || running.size > 0}
        title={ids.size > MOST_ZIPPED ? texts.atMost(MOST_ZIPPED) : undefined}
        onClick={() => start("zip", download)}
      >
        <Icon name="download" /> <span className={styles.label}>{texts.download}</span>
      </button>
      <button type="button" className={styles.button} onClick={clear}>
        <Icon name="close" /> <span className={styles.label}>{texts.cancel}</span>
      </button>
    </section>
  );
}

function save(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // the browser reads it meanwhile
}
