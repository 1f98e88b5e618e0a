import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import * as api from "../../api";
import { NOTHING, photoAddress, type Search, searchAddress } from "../../address";
import { PhotoImage } from "../../grid/PhotoImage";
import { shapeOf } from "../../grid/justify";
import { fileName } from "../../grid/Tile";
import controls from "../../parts/controls.module.css";
import styles from "./Similar.module.css";

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
    queryFn: () => api.similar(id, PHOTOS),
    staleTime: 60_000,
  });
  const hits = query.data?.hits ?? [];
  return (
    <section className={styles.similar} aria-labelledby="similar-title">
      <div className={styles.head}>
        <h2 id="similar-title">Similar photos</h2>
        <Link className={controls.button} to={searchAddress({ ...NOTHING, like: id })}>
          See all similar
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
                title={`${Math.round(100 * hit.score)}% similar`}
              >
                <PhotoImage photo={hit} alt={fileName(hit.path)} width={width} height={HEIGHT} />
              </Link>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
