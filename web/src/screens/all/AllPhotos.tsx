import { useEffect, useMemo, useState } from "react";
import { type Search, searchAddress, UNDATED } from "../../address";
import { isAway, isLocked } from "../../api";
import { Grid } from "../../grid/Grid";
import type { Section } from "../../grid/timeline";
import { Skeleton } from "../../grid/Skeleton";
import { useChosen } from "../../hooks/useChosen";
import { useDelayed } from "../../hooks/useDelayed";
import { useTitle } from "../../hooks/useTitle";
import { ChosenBar } from "../../parts/ChosenBar";
import { monthNamed } from "../../parts/time";
import { texts } from "../../texts";
import { Away } from "../states/Away";
import { Failed } from "../states/Failed";
import styles from "./AllPhotos.module.css";
import { keptMonths } from "./months";
import { type Loaded, type Month, useMonths, usePhotosOf } from "./useMonths";

interface Props {
  search: Search;
  /** The photo that lies open over the page. */
  opened: string | null;
}

const NONE: readonly Month[] = [];

/** All photos by month, newest first, with a bar to go to any time; the address follows. */
export function AllPhotos({ search, opened }: Props) {
  useTitle(texts.allPhotos);
  const { data: months = NONE, error, isPending, refetch } = useMonths();
  const [first] = useState(opened);
  const [wanted, setWanted] = useState<readonly string[]>([]);
  const at = search.all || months[0]?.key;
  const loaded = usePhotosOf(months.filter(({ key }) => key === at || wanted.includes(key)));
  const sections = useMemo(() => months.map((month) => sectionOf(month, loaded.get(month.key))), [months, loaded]);
  const hits = useMemo(() => sections.flatMap((section) => section.hits ?? []), [sections]);
  const chosen = useChosen(hits, "all");
  const isSlow = useDelayed(isPending);

  const keep = (keys: readonly string[]) => {
    // What is chosen in other months stays chosen.
    const isHeld = (key: string) => loaded.get(key)?.hits?.some(({ id }) => chosen.ids.has(id)) ?? false;
    setWanted((before) => keptMonths(before, keys, isHeld));
  };
  // The month of the photo that was open last, when the user comes back from it.
  useEffect(() => {
    if (opened && search.all) keep([search.all]);
  }, [opened, search.all]);
  const onSee = (keys: readonly string[], top: string) => {
    keep(keys);
    if (window.location.pathname !== "/photos") return;
    const all = top === months[0]?.key ? "" : top;
    history.replaceState(history.state, "", searchAddress({ ...search, all }));
  };

  if (isLocked(error)) return null; // the page asks for the key
  if (error && !months.length) {
    const Trouble = isAway(error) ? Away : Failed;
    return <Trouble error={error} retry={() => void refetch()} />;
  }
  if (isPending) return isSlow ? <Skeleton /> : null;
  return (
    <div className={styles.screen}>
      <h1 className={styles.title}>{texts.allPhotos}</h1>
      <Grid
        hits={hits}
        label={texts.allPhotos}
        ranking="all"
        search={search}
        isActive={opened === null}
        opened={opened}
        first={first}
        chosen={chosen}
        sections={sections}
        onSee={onSee}
      />
      {opened === null && <ChosenBar chosen={chosen} hits={hits} />}
    </div>
  );
}

function sectionOf({ key, count }: Month, loaded: Loaded | undefined): Section {
  const title = key === UNDATED ? texts.undated : monthNamed(key);
  return { key, title, count, hits: loaded?.hits ?? null, again: loaded?.again ?? null };
}
