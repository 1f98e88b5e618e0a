import { useQuery } from "@tanstack/react-query";
import { Link } from "../../place";
import * as api from "../../api";
import { NOTHING, photoAddress, type Search, searchAddress } from "../../address";
import { PhotoImage } from "../../grid/PhotoImage";
import { shapeOf } from "../../grid/justify";
import { photoName } from "../../grid/photoName";
import controls from "../../parts/controls.module.css";
import styles from "./Similar.module.css";
import { texts } from "../../texts";
import { percent } from "../../texts/locale";

const PHOTOS = 24;
const HEIGHT = 112;

interface Props {
  id: string;
  search: Search;
  depth: number;
}

/** The photos most similar to this one, in a strip. */
export function Similar({ id, search, depth }: Props) {
  const query = useQuery({
    queryKey: ["similar", id],
    queryFn: ({ signal }) => api.similar(id, PHOTOS, signal),
    staleTime: 60_000,
  });
  const hits = query.data?.hits ?? [];
  return (
    <section className={styles.similar} aria-labelledby="similar-title">
      <div className={styles.head}>
        <h2 id="similar-title">{texts.similarPhotos}</h2>
        <Link className={controls.button} to={searchAddress({ ...NOTHING, like: id })}>
          {texts.seeSimilar}
        </Link>
      </div>
      <ul className={styles.strip}>
        {hits.map((hit) => {
          const width = Math.round(shapeOf(hit) * HEIGHT);
          return (
            <li key={hit.id} style={{ width }} className={styles.item}>
              <Link
                to={photoAddress(hit.id, search)}
                state={{ depth: depth + 1 }}
                title={texts.percentSimilar(percent(hit.score))}
              >
                <PhotoImage photo={hit} alt={photoName(hit)} width={width} height={HEIGHT} />
              </Link>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
