import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Link } from "react-router";
import * as api from "../../api";
import { NOTHING, searchAddress } from "../../address";
import { Grid } from "../../grid/Grid";
import { useTitle } from "../../hooks/useTitle";
import styles from "./Start.module.css";

const PHOTOS = 30;
const WORDS = 8;

/** The start page: one large bar, learned words, and some photos to start from. */
export function Start({ bar, isActive }: { bar: ReactNode; isActive: boolean }) {
  useTitle("");
  const [seed] = useState(() => Math.floor(Math.random() * 2 ** 32));
  const photos = useQuery({
    queryKey: ["random", "start"],
    queryFn: () => api.random(seed, { offset: 0, limit: PHOTOS }),
    staleTime: Infinity,
  });
  const words = useQuery({ queryKey: ["words"], queryFn: api.words });
  const latest = [...(words.data?.words ?? [])]
    .sort((a, b) => b.changed.localeCompare(a.changed))
    .slice(0, WORDS);
  return (
    <>
      <section className={styles.start}>
        <h1 className={styles.name}>Magpie</h1>
        {bar}
        <p className={styles.hint}>Search by words, or drop, paste or choose a picture.</p>
        {latest.length > 0 && (
          <ul className={styles.words} aria-label="Words you taught">
            {latest.map(({ word }) => (
              <li key={word}>
                <Link className={styles.word} to={searchAddress({ ...NOTHING, words: word })}>
                  {word}
                </Link>
              </li>
            ))}
          </ul>
        )}
      </section>
      <div className={styles.photos}>
        <Grid
          hits={photos.data?.hits ?? []}
          label="Some of your photos"
          ranking={seed}
          isActive={isActive}
        />
      </div>
    </>
  );
}
