import { useKeys } from "../../hooks/useKeys";
import { useDelayed } from "../../hooks/useDelayed";
import { useTitle } from "../../hooks/useTitle";
import { Grid } from "../../grid/Grid";
import { Skeleton } from "../../grid/Skeleton";
import type { Search } from "../../address";
import { Failed } from "../states/Failed";
import { CallIt } from "./CallIt";
import { LearningBar } from "./LearningBar";
import { NothingFound } from "./NothingFound";
import styles from "./SearchScreen.module.css";
import { Understanding } from "./Understanding";
import { Unfamiliar } from "./Unfamiliar";
import { useJudging } from "./useJudging";
import { useResults } from "./useResults";

/** How the query was understood, the photos, and what was learned. */
export function SearchScreen({ search, isActive }: { search: Search; isActive: boolean }) {
  const results = useResults(search);
  const { answer, hits } = results;
  const teaching = useJudging(search, results);
  const isSlow = useDelayed(results.isWaiting || results.isOutdated);
  useTitle(search.words || "Similar photos");
  useKeys({ u: teaching.undoLast }, isActive && teaching.judging !== null);

  if (results.error) return <Failed error={results.error} search={search} retry={results.retry} />;
  if (!answer) return isSlow ? <Skeleton /> : null;
  const canTeach = answer.learning !== null && !answer.hits.length && !search.like;
  return (
    <div className={styles.screen} data-outdated={(results.isOutdated && isSlow) || undefined}>
      <Understanding answer={answer} search={search} />
      {!answer.familiar && answer.like && answer.learning && (
        <CallIt like={answer.like.id} word={answer.learning.word} teach={teaching.teach} />
      )}
      {canTeach && <Unfamiliar key={answer.learning?.word} answer={answer} teach={teaching.teach} />}
      {!canTeach && !answer.hits.length && <NothingFound search={search} />}
      {hits.length > 0 && (
        <div className={styles.photos}>
          <h1 className="visually-hidden">Search results</h1>
          <Grid
            hits={hits}
            label={search.words ? `Photos for ${search.words}` : "Similar photos"}
            ranking={answer}
            search={search}
            judging={teaching.judging}
            hasMore={results.hasMore}
            onMore={results.more}
            isActive={isActive}
          />
          {results.hasMore && <Skeleton count={12} />}
        </div>
      )}
      <LearningBar teaching={teaching} />
    </div>
  );
}
