import { Link } from "../../place";
import * as api from "../../api";
import { NOTHING, searchAddress } from "../../address";
import { useOnce } from "../../hooks/useOnce";
import { useUploads } from "../../hooks/useUploads";
import controls from "../../parts/controls.module.css";
import { PickButton } from "../../parts/PickButton";
import type { Answer, Part } from "../../types";
import styles from "./CallIt.module.css";
import type { Teaching } from "./useJudging";
import { texts } from "../../texts";
import { fill } from "../../texts/fill";

/** Kinds of parts that no label means: their photos are only near. */
const GUESSED: readonly Part["kind"][] = ["related", "word2vec"];

/** Says of results that they are a guess, and offers to teach the word. */
export function Guess({ answer, teach }: { answer: Answer; teach: Teaching["teach"] }) {
  const [start, running] = useOnce();
  const uploads = useUploads();
  const guessed = answer.words.filter(({ kind, off }) => !off && GUESSED.includes(kind));
  const learned = answer.learning?.word;
  const isUnlikely = answer.likely === 0 && learned !== undefined && !answer.like;
  if ((!guessed.length && !isUnlikely) || !answer.hits.length) return null;
  const words = guessed.length ? guessed.map(({ word }) => word) : [learned!];
  const [word = ""] = words;
  const isAll = words.length === 1 && word === learned;
  const take = async (files: readonly File[]) => {
    const pictures = await uploads.pictures(files);
    if (!pictures.length || !uploads.areFew(pictures)) return;
    start(word, () => {
      const what = texts.learnedFromPictures(word, pictures.length);
      return teach(() => api.teachByPictures(word, pictures), what);
    });
  };
  return (
    <p className={styles.line} aria-busy={running.size > 0}>
      <span>
        {fill((guessed.length ? texts.guess : texts.unlikely)(isAll, words.length), <strong>{words.join(", ")}</strong>)}
      </span>
      {!isAll &&
        words.map((one) => (
          <Link key={one} className={controls.button} to={searchAddress({ ...NOTHING, words: one })}>
            {one}
          </Link>
        ))}
      {isAll && (
        <PickButton className={controls.button} isMultiple onPick={take}>
          {texts.teachWithPicture(word)}
        </PickButton>
      )}
    </p>
  );
}
