import { useQuery } from "@tanstack/react-query";
import { Link } from "../../place";
import * as api from "../../api";
import { NOTHING } from "../../address";
import { PhotoImage } from "../../grid/PhotoImage";
import { photoName } from "../../grid/photoName";
import styles from "./BestPhotos.module.css";
import { texts } from "../../texts";

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
    <Link to={address} className={styles.photos} aria-label={texts.photosOf(word)}>
      {Array.from({ length: PHOTOS }, (_, n) => {
        const hit = hits[n];
        return (
          <span key={hit?.id ?? n} className={styles.place}>
            {hit && <PhotoImage photo={hit} alt={photoName(hit)} width={SIDE} height={SIDE} />}
          </span>
        );
      })}
    </Link>
  );
}
