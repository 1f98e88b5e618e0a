import { memo, useState } from "react";
import { imageAddress, imageSources } from "../api";
import styles from "./PhotoImage.module.css";
import type { Shaped } from "./justify";

interface Props {
  photo: Shaped & { colour: string };
  alt: string;
  /** The size it is shown at, in CSS pixels. */
  width: number;
  height: number;
}

/** A thumbnail that fills its box; until it has loaded, the photo's mean colour does. */
export const PhotoImage = memo(function PhotoImage({ photo, alt, width, height }: Props) {
  const [isLoaded, setIsLoaded] = useState(false);
  const shape = photo.width && photo.height ? photo.width / photo.height : 1;
  // A cropped panorama is wider than its box.
  const shown = Math.ceil(Math.max(width, height * shape));
  return (
    <span className={styles.place} style={{ backgroundColor: photo.colour || undefined }}>
      <img
        className={styles.image}
        data-loaded={isLoaded || undefined}
        src={imageAddress(photo.id, 320)}
        srcSet={imageSources(photo.id, photo)}
        sizes={`${shown}px`}
        alt={alt}
        decoding="async"
        draggable={false}
        ref={(image) => {
          if (image?.complete && image.naturalWidth) setIsLoaded(true);
        }}
        onLoad={() => setIsLoaded(true)}
      />
    </span>
  );
});
