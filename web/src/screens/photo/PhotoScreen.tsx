import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useParams } from "react-router";
import * as api from "../../api";
import type { Search } from "../../address";
import { fileName } from "../../grid/Tile";
import { JudgeButtons } from "../../grid/JudgeButtons";
import { useTitle } from "../../hooks/useTitle";
import controls from "../../parts/controls.module.css";
import { Icon } from "../../parts/Icon";
import { Failed } from "../states/Failed";
import { useJudging } from "../search/useJudging";
import { useResults } from "../search/useResults";
import { Facts } from "./Facts";
import { Labels } from "./Labels";
import { Picture } from "./Picture";
import styles from "./PhotoScreen.module.css";
import { Reasons } from "./Reasons";
import { Similar } from "./Similar";
import { usePhotoKeys } from "./usePhotoKeys";

/** One photo, over the results it was found in; they stay in place behind it. */
export function PhotoScreen({ search }: { search: Search }) {
  const { id = "" } = useParams();
  const results = useResults(search);
  const teaching = useJudging(search, results);
  const { judging } = teaching;
  const walk = usePhotoKeys({ id, search, results, teaching });
  const query = useQuery({
    queryKey: ["photo", id],
    queryFn: () => api.photo(id),
    staleTime: Infinity,
  });
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
    <main ref={screen} className={styles.screen} tabIndex={-1} aria-label={`Photo ${name}`}>
      <div className={styles.top}>
        <button type="button" className={controls.button} onClick={walk.close}>
          <Icon name="close" /> Back
        </button>
        {judging && (
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
      {query.isError ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : (
        <div className={styles.columns}>
          <Picture id={id} photo={photo ?? hit} name={name} walk={walk} />
          <aside className={styles.facts}>
            <h1 className={styles.name}>{name}</h1>
            {hit && <Reasons hit={hit} />}
            {photo && <Labels labels={photo.labels} />}
            {photo && <Facts photo={photo} />}
          </aside>
          <Similar id={id} search={search} depth={walk.depth} />
        </div>
      )}
    </main>
  );
}
