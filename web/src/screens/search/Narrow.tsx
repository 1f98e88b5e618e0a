import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import { type Search, filtered, searchAddress, searchKey } from "../../address";
import { facets } from "../../api";
import controls from "../../parts/controls.module.css";
import { Icon } from "../../parts/Icon";
import { Retry } from "../../parts/Retry";
import { monthNamed } from "../../parts/time";
import { Link } from "../../place";
import { texts } from "../../texts";
import { number } from "../../texts/locale";
import type { Facets } from "../../types";
import styles from "./Narrow.module.css";

interface Count {
  value: string;
  photos: number;
}

interface Props {
  search: Search;
  likely: number | null;
  /** What else can be done with the photos. */
  children: ReactNode;
}

/** How many photos are likely, and what all of them can be filtered by: when, where, with what. */
export function Narrow({ search, likely, children }: Props) {
  const [isOpen, setOpen] = useState(false);
  const panel = useId();
  return (
    <section className={styles.narrow} aria-label={texts.narrow}>
      <div className={styles.line}>
        <button
          type="button"
          className={controls.button}
          aria-expanded={isOpen}
          aria-controls={panel}
          onClick={() => setOpen(!isOpen)}
        >
          <Icon name="filter" size={18} /> {texts.narrow}
        </button>
        {likely !== null && <span>{texts.likelyCount(likely)}</span>}
        {children}
      </div>
      <div id={panel}>{isOpen && <Groups search={search} />}</div>
    </section>
  );
}

function Groups({ search }: { search: Search }) {
  const { data, isError, isFetching, refetch } = useQuery({
    queryKey: ["facets", searchKey(search)],
    queryFn: ({ signal }) => facets(search, signal),
  });
  if (isError) return <Retry text={texts.noCounts} isBusy={isFetching} again={() => void refetch()} />;
  if (!data) return <p className={styles.none}>{texts.counting}</p>;
  const groups = grouped(data).filter(({ counts }) => counts.length);
  if (!groups.length) return <p className={styles.none}>{texts.nothingToNarrow}</p>;
  return (
    <div className={styles.groups}>
      {groups.map(({ kind, title, counts, told }) => (
        <div key={kind}>
          <h2 className={styles.title}>{title}</h2>
          <ul>
            {counts.map(({ value, photos }) => (
              <li key={value}>
                <Link
                  className={styles.choice}
                  to={searchAddress(filtered(search, kind, isNamed(kind) ? `=${value}` : value))}
                  title={value}
                  aria-label={`${told(value)}: ${texts.photoCount(photos)}`}
                >
                  <span className={styles.share} style={{ width: `${(100 * photos) / data.photos}%` }} />
                  <span className={styles.value}>{told(value)}</span>
                  <span>{number(photos)}</span>
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}

/** The counts by kind of filter; what all photos share narrows nothing down. */
function grouped({ photos, years, months, places, cameras, folders, formats }: Facets) {
  const some = (counts: Count[]) => counts.filter((count) => count.photos < photos);
  const times = some(years).length ? years : some(months);
  const same = (value: string) => value;
  return [
    { kind: "in", title: texts.byTime, counts: times, told: monthNamed },
    { kind: "place", title: texts.byPlace, counts: some(places), told: same },
    { kind: "camera", title: texts.byCamera, counts: some(cameras), told: same },
    { kind: "folder", title: texts.byFolder, counts: some(folders), told: lastOf },
    { kind: "format", title: texts.byFormat, counts: some(formats), told: upper },
  ] as const;
}

/** A camera may be called as another one begins, so that only its whole name finds what was counted. */
function isNamed(kind: string): boolean {
  return kind === "place" || kind === "camera" || kind === "folder";
}

function upper(format: string): string {
  return format.toUpperCase();
}

function lastOf(folder: string): string {
  return folder.split("/").slice(-2).join("/");
}
