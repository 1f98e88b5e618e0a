import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import * as api from "../../api";
import type { Search } from "../../address";
import { fileName } from "../../grid/photoName";
import { JudgeButtons } from "../../grid/JudgeButtons";
import { useTitle } from "../../hooks/useTitle";
import controls from "../../parts/controls.module.css";
import { Icon } from "../../parts/Icon";
import { Retry } from "../../parts/Retry";
import { texts } from "../../texts";
import { explain } from "../../texts/explain";
import { LearningBar } from "../search/LearningBar";
import { Failed } from "../states/Failed";
import { useJudging } from "../search/useJudging";
import { useAround } from "../all/useAround";
import { useResults } from "../search/useResults";
import { Facts } from "./Facts";
import { Labels } from "./Labels";
import { Picture } from "./Picture";
import styles from "./PhotoScreen.module.css";
import { Reasons } from "./Reasons";
import { Similar } from "./Similar";
import { usePhotoKeys } from "./usePhotoKeys";

/** One photo, over the results it was found in; they stay in place behind it. */
export function PhotoScreen({ id, search }: { id: string; search: Search }) {
  const results = useAround(search, useResults(search));
  const teaching = useJudging(search, results);
  const { judging } = teaching;
  const walk = usePhotoKeys({ id, search, results, teaching });
  const query = useQuery({
    queryKey: ["photo", id],
    queryFn: ({ signal }) => api.photo(id, signal),
    staleTime: Infinity,
  });
  const [failed, setFailed] = useState("");
  const photo = query.data;
  const hit = results.hits.find((other) => other.id === id);
  const name = fileName(photo?.paths[0] ?? hit?.path ?? "");
  useTitle(name);

  const screen = useRef<HTMLElement>(null);
  useEffect(() => {
    screen.current?.focus({ preventScroll: true });
    screen.current?.scrollTo(0, 0);
  }, [id]);
  useEffect(() => {
    document.documentElement.style.overflow = "hidden"; // the results behind keep their place
    return () => {
      document.documentElement.style.removeProperty("overflow");
    };
  }, []);

  return (
    <main ref={screen} className={styles.screen} tabIndex={-1} aria-label={texts.photo(name)}>
      <div className={styles.top}>
        <button type="button" className={controls.button} onClick={walk.close}>
          <Icon name="close" /> {texts.back}
        </button>
        {judging && !api.isGone(query.error) && (
          <div className={styles.judge}>
            <span className={styles.word}>{judging.word}?</span>
            <JudgeButtons
              isPlain
              word={judging.word}
              mark={judging.marks.get(id)}
              onJudge={(verdict) => judging.judge(id, verdict)}
            />
          </div>
        )}
      </div>
      {query.isError && (api.isGone(query.error) || (!photo && !hit)) ? (
        <Failed error={query.error} tried="photo" search={search} retry={() => void query.refetch()} />
      ) : (
        <div className={styles.columns}>
          <Picture
            id={id}
            photo={photo ?? hit}
            name={name}
            walk={walk}
            hasFailed={failed === id}
            onFail={() => setFailed(id)}
          />
          <aside className={styles.facts}>
            <h1 className={styles.name}>{name}</h1>
            {hit && <Reasons hit={hit} />}
            {photo && <Labels labels={photo.labels} />}
            {photo && <Facts photo={photo} isMissing={failed === id} />}
            {query.isError && !photo && (
              <Retry
                text={explain(query.error, "photo")}
                isBusy={query.isFetching}
                again={() => void query.refetch()}
              />
            )}
          </aside>
          <Similar id={id} search={search} depth={walk.depth} />
        </div>
      )}
      <LearningBar teaching={teaching} />
    </main>
  );
}
