import { memo, useEffect, useState } from "react";
import { imageAddress, TILE, tileSources } from "../api";
import { Icon } from "../parts/Icon";
import styles from "./PhotoImage.module.css";
import type { Shaped } from "./justify";

interface Props {
  photo: Shaped & { colour: string };
  alt: string;
  /** The size it is shown at, in CSS pixels. */
  width: number;
  height: number;
}

/** After these pauses an image that did not load is asked for again. */
const PAUSES_MS = [2_000, 10_000, 60_000];

/** A thumbnail that fills its box; until it has loaded, the photo's mean colour does. */
export const PhotoImage = memo(function PhotoImage({ photo, alt, width, height }: Props) {
  const [isLoaded, setIsLoaded] = useState(false);
  const [hasFailed, setHasFailed] = useState(false);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    const pause = PAUSES_MS[tries];
    if (!hasFailed || pause === undefined) return;
    const timer = setTimeout(() => {
      setHasFailed(false);
      setTries(tries + 1);
    }, pause);
    return () => clearTimeout(timer);
  }, [hasFailed, tries]);
  const shape = photo.width && photo.height ? photo.width / photo.height : 1;
  // A cropped panorama is wider than its box.
  const shown = Math.ceil(Math.max(width, height * shape));
  return (
    <span className={styles.place} style={{ backgroundColor: photo.colour || undefined }}>
      <img
        key={tries}
        className={styles.image}
        data-loaded={isLoaded || undefined}
        src={imageAddress(photo.id, TILE)}
        srcSet={tileSources(photo.id, photo)}
        sizes={`${shown}px`}
        alt={alt}
        decoding="async"
        draggable={false}
        ref={(image) => {
          if (image?.complete && image.naturalWidth) setIsLoaded(true);
        }}
        onLoad={() => setIsLoaded(true)}
        onError={() => setHasFailed(true)}
      />
      {hasFailed && (
        <span className={styles.failed} aria-hidden="true">
          <Icon name="broken" size={24} />
          <span className={styles.name}>{alt}</span>
        </span>
      )}
    </span>
  );
});
