import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import * as api from "../../api";
import { useTitle } from "../../hooks/useTitle";
import controls from "../../parts/controls.module.css";
import { Icon } from "../../parts/Icon";
import { FilterField } from "../../parts/FilterField";
import { Notice } from "../../parts/Notice";
import { PickButton } from "../../parts/PickButton";
import { Failed } from "../states/Failed";
import { useWordChanges } from "./useWordChanges";
import { WordCard } from "./WordCard";
import styles from "./WordsScreen.module.css";
import { texts } from "../../texts";

/** So many words are seen at a glance. */
const FEW = 4;

/** The learned words, as cards. */
export function WordsScreen() {
  useTitle(texts.words);
  const query = useQuery({ queryKey: ["words"], queryFn: ({ signal }) => api.words(signal) });
  const changes = useWordChanges();
  const [text, setText] = useState("");
  if (query.isError && !query.data) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const words = query.data?.words;
  const names = words?.map(({ word }) => word) ?? [];
  const part = text.trim().toLowerCase();
  const found = words?.filter(({ word }) => word.includes(part));
  return (
    <main className={styles.screen}>
      <div className={styles.head}>
        <h1 className={styles.title}>{texts.wordsTaught}</h1>
        {(names.length > FEW || text) && <FilterField text={text} onText={setText} />}
        <a className={controls.button} href={api.EXPORT_ADDRESS} download="taught.jsonl">
          <Icon name="download" size={18} /> {texts.exported}
        </a>
        <PickButton
          className={controls.button}
          label={texts.importWords}
          accept=".jsonl,application/jsonl,text/plain"
          onPick={([file]) => file && changes.importFrom(file)}
        >
          {texts.import}
        </PickButton>
      </div>
      {words?.length === 0 && (
        <Notice icon="words" title={texts.noWords}>
          <p>{texts.noWordsHow}</p>
        </Notice>
      )}
      {names.length > 0 && !found?.length && <p>{texts.noneOf(text.trim())}</p>}
      <ul className={styles.cards}>
        {found?.map((word) => (
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
