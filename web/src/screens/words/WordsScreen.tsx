import { useQuery } from "@tanstack/react-query";
import * as api from "../../api";
import { useTitle } from "../../hooks/useTitle";
import controls from "../../parts/controls.module.css";
import { Icon } from "../../parts/Icon";
import { Notice } from "../../parts/Notice";
import { PickButton } from "../../parts/PickButton";
import { Failed } from "../states/Failed";
import { useWordChanges } from "./useWordChanges";
import { WordCard } from "./WordCard";
import styles from "./WordsScreen.module.css";

/** The learned words, as cards. */
export function WordsScreen() {
  useTitle("Words");
  const query = useQuery({ queryKey: ["words"], queryFn: api.words });
  const changes = useWordChanges();
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const words = query.data?.words;
  const names = words?.map(({ word }) => word) ?? [];
  return (
    <main className={styles.screen}>
      <div className={styles.head}>
        <h1 className={styles.title}>Words you taught</h1>
        <a className={controls.button} href={api.EXPORT_ADDRESS} download="taught.jsonl">
          <Icon name="download" size={18} /> Export
        </a>
        <PickButton
          className={controls.button}
          label="Import words from a file"
          accept=".jsonl,application/jsonl,text/plain"
          onPick={changes.importFrom}
        >
          Import
        </PickButton>
      </div>
      {words?.length === 0 && (
        <Notice icon="words" title="No words yet">
          <p>
            Search for something and mark which photos match. You can teach a new word with a single
            picture.
          </p>
        </Notice>
      )}
      <ul className={styles.cards}>
        {words?.map((word) => (
          <WordCard
            key={word.word}
            word={word}
            others={names.filter((name) => name !== word.word)}
            changes={changes}
          />
        ))}
      </ul>
    </main>
  );
}
