import { type CSSProperties, useState } from "react";
import { imageAddress, imageSources } from "../../api";
import { Icon } from "../../parts/Icon";
import type { Hit, Photo } from "../../types";
import styles from "./Picture.module.css";
import type { Walk } from "./usePhotoKeys";

/** Small photos are enlarged to twice their size at most. */
const MOST_ENLARGED = 2;

interface Props {
  id: string;
  photo: Photo | Hit | undefined;
  name: string;
  walk: Walk;
}

/** The photo, large, with buttons to the previous and the next one. */
export function Picture({ id, photo, name, walk }: Props) {
  const [failed, setFailed] = useState("");
  const { width = 0, height = 0, colour = "" } = photo ?? {};
  const size: CSSProperties & Record<`--${string}`, string | number> = {
    backgroundColor: colour,
    "--shape": width && height ? width / height : 1.5,
    "--most": width ? `${MOST_ENLARGED * width}px` : "100%",
  };
  return (
    <div className={styles.stage}>
      {failed === id ? (
        <p className={styles.away}>The file is missing or can't be read. Was it moved?</p>
      ) : (
        <img
          key={id}
          className={styles.picture}
          style={size}
          src={imageAddress(id, 1280)}
          srcSet={photo && imageSources(id, photo)}
          sizes="(max-width: 60rem) 100vw, calc(100vw - 26rem)"
          alt={name}
          onError={() => setFailed(id)}
        />
      )}
      {walk.previous && (
        <button type="button" className={styles.previous} aria-label="Previous photo" title="Previous photo" onClick={walk.previous}>
          <Icon name="left" size={28} />
        </button>
      )}
      {walk.next && (
        <button type="button" className={styles.next} aria-label="Next photo" title="Next photo" onClick={walk.next}>
          <Icon name="right" size={28} />
        </button>
      )}
    </div>
  );
}
