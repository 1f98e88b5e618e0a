import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Link } from "../../place";
import * as api from "../../api";
import { NOTHING, searchAddress } from "../../address";
import { Grid } from "../../grid/Grid";
import { usePictures, usePictureTarget } from "../../hooks/usePictures";
import { useChosen } from "../../hooks/useChosen";
import { useMore } from "../../hooks/useMore";
import { useOnce } from "../../hooks/useOnce";
import { useUploads } from "../../hooks/useUploads";
import { Icon } from "../../parts/Icon";
import { PickButton } from "../../parts/PickButton";
import { Retry } from "../../parts/Retry";
import { texts } from "../../texts";
import { explain } from "../../texts/explain";
import { fill } from "../../texts/fill";
import type { Answer, Judged } from "../../types";
import { PickedBar } from "./PickedBar";
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
  const [start, running] = useOnce();
  const send = (work: () => Promise<Judged>, what: string) => start(word, () => teach(work, what));
  const { areFew } = useUploads();
  usePictureTarget(texts.dropPicturesOf(word), (files) => {
    if (!areFew(files)) return;
    send(() => api.teachByPictures(word, files), texts.learnedFromPictures(word, files.length));
  });
  const pick = (...ids: readonly string[]) =>
    send(() => api.teach(word, [...ids]), texts.learnedFromPhotos(word, ids.length));

  return (
    <section className={styles.unfamiliar} aria-busy={running.size > 0}>
      <h1 className={styles.title}>
        {fill(answer.familiar ? texts.noneShows : texts.unknown, <em>{word}</em>)}
      </h1>
      {answer.suggestions.length > 0 && (
        <p className={styles.nearly}>
          {texts.didYouMean}{" "}
          {answer.suggestions.map((words) => (
            <Link key={words} to={searchAddress({ ...NOTHING, words })}>
              {words}
            </Link>
          ))}
        </p>
      )}
      <Kept answer={answer} word={word} />
      <div className={styles.ways}>
        <PickButton className={styles.way} onPick={give} isMultiple>
          <Icon name="picture" size={32} />
          <strong>{texts.showOne}</strong>
          <span>{texts.showOneHow(word)}</span>
        </PickButton>
        <a
          className={styles.way}
          href="#among"
          onClick={(event) => {
            event.preventDefault();
            const photos = document.getElementById("among");
            photos?.scrollIntoView({ block: "start" });
            photos?.querySelector<HTMLElement>('li [tabindex="0"]')?.focus({ preventScroll: true });
          }}
        >
          <Icon name="good" size={32} />
          <strong>{texts.pickOne}</strong>
          <span>{texts.pickOneHow(word)}</span>
        </a>
      </div>
      <Among word={word} isBusy={running.size > 0} onPick={pick} />
    </section>
  );
}

/** Where what is learned is not quite what was typed: what it will be, and how to teach a part. */
function Kept({ answer, word }: { answer: Answer; word: string }) {
  const parts = answer.words.filter(({ kind, off }) => kind === "unfamiliar" && !off);
  const isOther = word !== answer.query.trim().toLowerCase();
  if (!isOther && parts.length < 2) return null;
  return (
    <p className={styles.nearly}>
      <span>{fill(texts.keptAs, <strong>{word}</strong>)}</span>
      {parts.length > 1 && (
        <>
          <span>{texts.teachPart}</span>
          {parts.map(({ part, word: words }) => (
            <Link key={part} to={searchAddress({ ...NOTHING, words })}>
              {words}
            </Link>
          ))}
        </>
      )}
    </p>
  );
}

interface AmongProps {
  word: string;
  /** The word is being taught. */
  isBusy: boolean;
  onPick: (...ids: readonly string[]) => void;
}

/** Random photos, more with scrolling; one is picked by a click, several are chosen first. */
function Among({ word, isBusy, onPick }: AmongProps) {
  const [seed] = useState(() => Math.floor(Math.random() * MOST_SEEDS));
  const query = useInfiniteQuery({
    queryKey: ["random", seed],
    queryFn: ({ pageParam, signal }) =>
      api.random(seed, { offset: pageParam, limit: PAGE }, signal),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => (last.hits.length < PAGE ? undefined : pages.length * PAGE),
  });
  const further = useMore(query);
  const hits = useMemo(() => query.data?.pages.flatMap((page) => page.hits) ?? [], [query.data]);
  const chosen = useChosen(hits, word);
  return (
    <div id="among" className={styles.among}>
      <p className={styles.nearly}>{texts.pickSeveral}</p>
      <Grid
        hits={hits}
        label={texts.whichShow(word)}
        ranking={seed}
        hasMore={further.hasMore}
        onMore={further.more}
        onPick={(id) => (chosen.ids.size ? chosen.toggle(id) : onPick(id))}
        chosen={chosen}
      />
      <PickedBar word={word} chosen={chosen} isBusy={isBusy} onTeach={(ids) => onPick(...ids)} />
      {further.hasFailed && (
        <Retry text={texts.noMorePhotos} isBusy={further.isBusy} again={further.again} />
      )}
      {query.isError && !query.data && (
        <Retry text={explain(query.error)} isBusy={query.isFetching} again={() => void query.refetch()} />
      )}
    </div>
  );
}
