import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Link } from "react-router";
import * as api from "../../api";
import { NOTHING, searchAddress } from "../../address";
import { Grid } from "../../grid/Grid";
import { usePictures, usePictureTarget } from "../../hooks/usePictures";
import { Icon } from "../../parts/Icon";
import { PickButton } from "../../parts/PickButton";
import type { Answer, Judged } from "../../types";
import styles from "./Unfamiliar.module.css";

const PAGE = 40;
const MOST_SEEDS = 2 ** 32;

interface Props {
  answer: Answer;
  teach: (send: () => Promise<Judged>, what: string) => Promise<void>;
}

/** A word that is unfamiliar or finds nothing, and two ways to teach it. */
export function Unfamiliar({ answer, teach }: Props) {
  const word = answer.learning?.word ?? answer.query;
  const { give } = usePictures();
  const [isBusy, setIsBusy] = useState(false);
  const send = async (work: () => Promise<Judged>, what: string) => {
    if (isBusy) return;
    setIsBusy(true);
    await teach(work, what);
    setIsBusy(false);
  };
  usePictureTarget(`Drop a picture of ${word}`, (file) =>
    send(() => api.teachByPictures(word, [file]), `Learned ${word} from 1 picture`),
  );
  const pick = (id: string) => send(() => api.teach(word, [id]), `Learned ${word} from 1 photo`);

  return (
    <section className={styles.unfamiliar} aria-busy={isBusy}>
      <h1 className={styles.title}>
        {answer.familiar ? (
          <>
            No photo clearly shows <em>{word}</em>.
          </>
        ) : (
          <>
            I don't know <em>{word}</em> yet.
          </>
        )}
      </h1>
      {answer.suggestions.length > 0 && (
        <p className={styles.nearly}>
          Did you mean{" "}
          {answer.suggestions.map((words) => (
            <Link key={words} to={searchAddress({ ...NOTHING, words })}>
              {words}
            </Link>
          ))}
        </p>
      )}
      <div className={styles.ways}>
        <PickButton className={styles.way} onPick={give}>
          <Icon name="picture" size={32} />
          <strong>Show me one</strong>
          <span>Drop, paste or choose a picture of {word}</span>
        </PickButton>
        <a
          className={styles.way}
          href="#among"
          onClick={(event) => {
            event.preventDefault();
            document.getElementById("among")?.scrollIntoView({ block: "start" });
          }}
        >
          <Icon name="good" size={32} />
          <strong>Pick one of your photos</strong>
          <span>Click any photo below that shows {word}</span>
        </a>
      </div>
      <Among word={word} onPick={(id) => void pick(id)} />
    </section>
  );
}

/** Random photos, more with scrolling. */
function Among({ word, onPick }: { word: string; onPick: (id: string) => void }) {
  const [seed] = useState(() => Math.floor(Math.random() * MOST_SEEDS));
  const query = useInfiniteQuery({
    queryKey: ["random", seed],
    queryFn: ({ pageParam }) => api.random(seed, { offset: pageParam, limit: PAGE }),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => (last.hits.length < PAGE ? undefined : pages.length * PAGE),
  });
  const hits = useMemo(() => query.data?.pages.flatMap((page) => page.hits) ?? [], [query.data]);
  return (
    <div id="among" className={styles.among}>
      <Grid
        hits={hits}
        label={`Which of these photos show ${word}?`}
        ranking={seed}
        hasMore={query.hasNextPage}
        onMore={() => void query.fetchNextPage({ cancelRefetch: false })}
        onPick={onPick}
      />
    </div>
  );
}
