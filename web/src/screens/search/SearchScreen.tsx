import { useKeys } from "../../hooks/useKeys";
import { useChosen } from "../../hooks/useChosen";
import { useDelayed } from "../../hooks/useDelayed";
import { useTitle } from "../../hooks/useTitle";
import { Grid } from "../../grid/Grid";
import { Skeleton } from "../../grid/Skeleton";
import { type Search, searchKey } from "../../address";
import { ApiError, isLocked } from "../../api";
import controls from "../../parts/controls.module.css";
import { ChosenBar } from "../../parts/ChosenBar";
import { Icon } from "../../parts/Icon";
import { Retry } from "../../parts/Retry";
import { Away } from "../states/Away";
import { Failed } from "../states/Failed";
import { CallIt } from "./CallIt";
import { Guess } from "./Guess";
import { LearningBar } from "./LearningBar";
import { Narrow } from "./Narrow";
import { NothingFound } from "./NothingFound";
import styles from "./SearchScreen.module.css";
import { Understanding } from "./Understanding";
import { Unfamiliar } from "./Unfamiliar";
import { useHeard } from "./useHeard";
import { useJudging } from "./useJudging";
import { useResults } from "./useResults";
import { texts } from "../../texts";

interface Props {
  search: Search;
  /** The photo that lies open over the results. */
  opened: string | null;
}

/** How the query was understood, the photos, and what was learned. */
export function SearchScreen({ search, opened }: Props) {
  const isActive = opened === null;
  const results = useResults(search);
  const { answer, hits } = results;
  const teaching = useJudging(search, results);
  const chosen = useChosen(hits, searchKey(search));
  const isBusy = results.isWaiting || results.isOutdated;
  const isSlow = useDelayed(isBusy);
  useTitle(search.words || texts.similarPhotos);
  useHeard(search, results);
  useKeys({ u: teaching.undoLast }, isActive && teaching.judging !== null);

  const { error } = results;
  if (isLocked(error)) return null; // the page asks for the key
  if (error instanceof ApiError && error.status === 0)
    return <Away error={error} retry={results.retry} />;
  if (error) return <Failed error={error} search={search} tried="search" retry={results.retry} />;
  if (!answer) return isSlow ? <Skeleton /> : null;
  const isOther = results.isOutdated && answer.query.trim() !== search.words;
  const { likely = Infinity } = answer; // servers may not tell
  const isFiltered = answer.filters.some(({ off }) => !off);
  const mayLack = !answer.familiar || !isFiltered; // with a filter, the library may have others
  const isUnknown = !answer.familiar && !answer.common;
  const canTeach = answer.learning !== null && !answer.common && !answer.hits.length && !search.like && mayLack;
  return (
    <div
      className={styles.screen}
      data-outdated={(results.isOutdated && isSlow) || undefined}
      aria-busy={isBusy}
    >
      {results.isOutdated && isSlow && (
        <div className={styles.searching} role="progressbar" aria-label={texts.searching} />
      )}
      {/* What other words meant keeps its room and is not shown. */}
      <div className={styles.meaning} data-outdated={isOther || undefined}>
        <Understanding answer={answer} search={search} />
        <Guess answer={answer} teach={teaching.teach} />
        {hits.length > 0 && (
          <Narrow search={search} likely={likely < Infinity ? likely : null}>
            {teaching.judging && !teaching.lesson.isBarOpen && (
              <button type="button" className={`${controls.button} ${styles.marking}`} onClick={teaching.open}>
                <Icon name="good" size={18} /> {texts.markPhotos}
              </button>
            )}
          </Narrow>
        )}
      </div>
      {isUnknown && answer.like && answer.learning && (
        <CallIt like={answer.like.id} word={answer.learning.word} teach={teaching.teach} />
      )}
      {canTeach && <Unfamiliar key={answer.learning?.word} answer={answer} teach={teaching.teach} />}
      {!canTeach && !answer.hits.length && <NothingFound search={search} answer={answer} />}
      {hits.length > 0 && (
        <div className={styles.photos}>
          <h1 className="visually-hidden">{texts.results}</h1>
          <Grid
            hits={hits}
            label={search.words ? texts.photosFor(search.words) : texts.similarPhotos}
            ranking={answer}
            search={search}
            judging={teaching.judging}
            hasMore={results.hasMore}
            onMore={results.more}
            isActive={isActive}
            opened={opened}
            chosen={chosen}
            isMarking={teaching.lesson.isBarOpen}
            second={likely > 0 && likely < hits.length ? { from: likely, title: texts.lessLikely } : null}
          />
          {results.hasMore && results.hasFailed && (
            <Retry text={texts.noMorePhotos} isBusy={results.isBusy} again={results.again} />
          )}
          {results.hasMore && !results.hasFailed && <Skeleton count={12} />}
        </div>
      )}
      {isActive && chosen.ids.size === 0 && <LearningBar teaching={teaching} />}
      {isActive && (
        <ChosenBar
          chosen={chosen}
          hits={hits}
          word={teaching.judging?.word}
          onJudge={teaching.judgeAll}
        />
      )}
    </div>
  );
}
