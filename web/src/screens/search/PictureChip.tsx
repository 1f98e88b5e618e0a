import { useState } from "react";
import { useNavigate } from "../../place";
import { imageAddress } from "../../api";
import { type Search, searchAddress } from "../../address";
import { useDelayed } from "../../hooks/useDelayed";
import { Icon } from "../../parts/Icon";
import styles from "./PictureChip.module.css";
import { texts } from "../../texts";

/** The picture in a query, beside its words. */
export function PictureChip({ search, isLooking }: { search: Search; isLooking: boolean }) {
  const navigate = useNavigate();
  const isSlow = useDelayed(isLooking);
  if (isSlow) return <span className={styles.looking}>{texts.searchingNow}</span>;
  if (!search.like) return null;
  return (
    <span className={styles.chip}>
      <QueryPicture key={search.like} id={search.like} />
      <button
        type="button"
        className={styles.remove}
        aria-label={texts.removePicture}
        title={texts.removePicture}
        onClick={() => navigate(searchAddress({ ...search, like: "" }))}
      >
        <Icon name="close" size={16} />
      </button>
    </span>
  );
}

/** The picture itself; a sign where the server has it no longer. */
function QueryPicture({ id }: { id: string }) {
  const [isForgotten, setIsForgotten] = useState(false);
  if (isForgotten)
    return (
      <span className={styles.image} role="img" aria-label={texts.queryPicture}>
        <Icon name="picture" />
      </span>
    );
  const address = imageAddress(id, 320);
  return <img className={styles.image} src={address} alt={texts.queryPicture} onError={() => setIsForgotten(true)} />;
}
