import { useState } from "react";
import { imageAddress, THUMBNAILS } from "../../api";
import { Icon } from "../../parts/Icon";
import type { Hit, Photo } from "../../types";
import styles from "./Picture.module.css";
import type { Walk } from "./usePhotoKeys";

interface Props {
  id: string;
  photo: Photo | Hit | undefined;
  name: string;
  walk: Walk;
}

/** The photo, large, with the ways to the ones before and after it. */
export function Picture({ id, photo, name, walk }: Props) {
  const [failed, setFailed] = useState("");
  const { width = 0, height = 0, colour = "" } = photo ?? {};
  const shape = width && height ? width / height : 1.5;
  const widthOf = (size: number) => Math.round(shape >= 1 ? size : size * shape);
  return (
    <div className={styles.stage}>
      {failed === id ? (
        <p className={styles.away}>The file of this photo cannot be read now.</p>
      ) : (
        <img
          key={id}
          className={styles.picture}
          style={{ aspectRatio: shape, backgroundColor: colour }}
          src={imageAddress(id, 1280)}
          srcSet={THUMBNAILS.slice(-2)
            .map((size) => `${imageAddress(id, size)} ${widthOf(size)}w`)
            .join()}
          sizes="(max-width: 60rem) 100vw, calc(100vw - 26rem)"
          width={width || undefined}
          height={height || undefined}
          alt={name}
          onError={() => setFailed(id)}
        />
      )}
      {walk.previous && (
        <button type="button" className={styles.previous} aria-label="Previous" onClick={walk.previous}>
          <Icon name="left" size={28} />
        </button>
      )}
      {walk.next && (
        <button type="button" className={styles.next} aria-label="Next" onClick={walk.next}>
          <Icon name="right" size={28} />
        </button>
      )}
    </div>
  );
}
