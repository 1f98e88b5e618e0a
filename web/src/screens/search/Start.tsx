import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "../../place";
import * as api from "../../api";
import { asWords, NOTHING, searchAddress } from "../../address";
import { Grid } from "../../grid/Grid";
import { useChosen } from "../../hooks/useChosen";
import { useTitle } from "../../hooks/useTitle";
import controls from "../../parts/controls.module.css";
import { ChosenBar } from "../../parts/ChosenBar";
import { Icon } from "../../parts/Icon";
import { Retry } from "../../parts/Retry";
import { leftOutText } from "../states/leftOut";
import styles from "./Start.module.css";
import { useStartPhotos } from "./useStartPhotos";
import { texts } from "../../texts";

const WORDS = 8;

interface Props {
  bar: ReactNode;
  /** Numbers of files by ending, most first. */
  leftOut: Readonly<Record<string, number>>;
  /** The photo that lies open over the page. */
  opened: string | null;
}

/** The start page: one large bar, learned words, and some photos to start from. */
export function Start({ bar, leftOut, opened }: Props) {
  useTitle("");
  const { hits, further } = useStartPhotos();
  const chosen = useChosen(hits, "start");
  const words = useQuery({ queryKey: ["words"], queryFn: ({ signal }) => api.words(signal) });
  const latest = [...(words.data?.words ?? [])]
    .sort((a, b) => b.changed.localeCompare(a.changed))
    .slice(0, WORDS);
  return (
    <>
      <section className={styles.start}>
        <h1 className={styles.name}>Magpie</h1>
        {bar}
        <p className={styles.hint}>{texts.hint}</p>
        <Ideas />
        {latest.length > 0 && (
          <ul className={styles.words} aria-label={texts.wordsTaught}>
            {latest.map(({ word }) => (
              <li key={word}>
                <Link className={styles.word} to={searchAddress({ ...NOTHING, words: asWords(word) })}>
                  {word}
                </Link>
              </li>
            ))}
          </ul>
        )}
        <p className={styles.hint}>{texts.canTeach}</p>
      </section>
      <div className={styles.photos}>
        <Grid
          hits={hits}
          label={texts.somePhotos}
          ranking="random"
          isActive={opened === null}
          opened={opened}
          chosen={chosen}
        />
        {opened === null && <ChosenBar chosen={chosen} hits={hits} />}
        {further.hasFailed && (
          <Retry text={texts.noMorePhotos} isBusy={further.isBusy} again={further.again} />
        )}
        {further.hasMore && !further.hasFailed && (
          <p className={styles.more}>
            <button type="button" className={controls.button} disabled={further.isBusy} onClick={further.more}>
              {texts.morePhotos}
            </button>
          </p>
        )}
        {Object.keys(leftOut).length > 0 && <p className={styles.leftOut}>{leftOutText(leftOut)}</p>}
        <p className={styles.more}>
          <Link className={controls.button} to="/status">
            {texts.status}
          </Link>
        </p>
      </div>
    </>
  );
}

/** Searches that find something here, and the way to all photos. */
function Ideas() {
  const { data } = useQuery({
    queryKey: ["ideas"],
    queryFn: ({ signal }) => api.ideas(signal),
    staleTime: Infinity,
  });
  return (
    <ul className={styles.words} aria-label={texts.toBeginWith}>
      {data?.ideas.map((idea) => (
        <li key={idea}>
          <Link className={styles.word} to={searchAddress({ ...NOTHING, words: asWords(idea) })}>
            {idea}
          </Link>
        </li>
      ))}
      <li>
        <Link className={styles.word} to={searchAddress({ ...NOTHING, all: "" })}>
          <Icon name="picture" size={18} /> {texts.allPhotos}
        </Link>
      </li>
    </ul>
  );
}
