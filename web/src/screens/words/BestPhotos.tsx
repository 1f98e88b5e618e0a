import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import * as api from "../../api";
import { NOTHING } from "../../address";
import { PhotoImage } from "../../grid/PhotoImage";
import { fileName } from "../../grid/Tile";
import styles from "./BestPhotos.module.css";

const PHOTOS = 4;
const SIDE = 160;

/** The four best photos of a word. */
export function BestPhotos({ word, address }: { word: string; address: string }) {
  const query = useQuery({
    queryKey: ["search", "best", word],
    queryFn: ({ signal }) =>
      api.search({ ...NOTHING, words: word }, { offset: 0, limit: PHOTOS }, signal),
  });
  const hits = query.data?.hits ?? [];
  return (
    <Link to={address} className={styles.photos} aria-label={`Photos of ${word}`}>
      {Array.from({ length: PHOTOS }, (_, n) => {
        const hit = hits[n];
        return (
          <span key={hit?.id ?? n} className={styles.place}>
            {hit && <PhotoImage photo={hit} alt={fileName(hit.path)} width={SIDE} height={SIDE} />}
          </span>
        );
      })}
    </Link>
  );
}
