import { type CSSProperties, useRef, useState } from "react";
import { downloadAddress, imageAddress, imageSources } from "../../api";
import { Icon } from "../../parts/Icon";
import type { Hit, Photo } from "../../types";
import styles from "./Picture.module.css";
import type { Walk } from "./usePhotoKeys";
import { useSwipe } from "./useSwipe";
import { useZoom } from "./useZoom";
import { texts } from "../../texts";

/** Small photos are enlarged to twice their size at most. */
const MOST_ENLARGED = 2;

interface Props {
  id: string;
  photo: Photo | Hit | undefined;
  name: string;
  walk: Walk;
  /** Its file could not be read. */
  hasFailed: boolean;
  onFail: () => void;
}

/** The photo, large, with buttons to the previous and the next one; once zoomed, the original. */
export function Picture({ id, photo, name, walk, hasFailed, onFail }: Props) {
  const stage = useRef<HTMLDivElement>(null);
  const zoom = useZoom(stage, id, photo?.width ?? 0);
  const [unplayed, setUnplayed] = useState("");
  const { width = 0, height = 0, colour = "", duration = null } = photo ?? {};
  const isFilm = duration !== null && unplayed !== id;
  const swipe = useSwipe(walk, !zoom.isZoomed && !isFilm);
  const size: CSSProperties & Record<`--${string}`, string | number> = {
    backgroundColor: colour,
    "--shape": width && height ? width / height : 1.5,
    "--most": width ? `${MOST_ENLARGED * width}px` : "100%",
  };
  return (
    <div
      ref={stage}
      className={styles.stage}
      data-zoomed={zoom.isZoomed || undefined}
      {...zoom.handlers}
      {...swipe}
    >
      {hasFailed && <p className={styles.away}>{texts.fileMissing}</p>}
      {!hasFailed && isFilm && (
        <video
          key={id}
          className={styles.film}
          style={size}
          src={downloadAddress(id)}
          poster={imageAddress(id, 1280)}
          aria-label={name}
          preload="none"
          playsInline
          controls
          onError={() => setUnplayed(id)}
        />
      )}
      {!hasFailed && !isFilm && (
        <img
          key={id}
          className={styles.picture}
          style={{ ...size, ...zoom.style }}
          src={imageAddress(id, 1280)}
          srcSet={photo && imageSources(id, photo)}
          sizes="(max-width: 60rem) 100vw, calc(100vw - 26rem)"
          alt={name}
          draggable={false}
          onError={onFail}
        />
      )}
      {unplayed === id && !hasFailed && <p className={styles.unplayed}>{texts.cannotPlay}</p>}
      {zoom.isZoomed && !hasFailed && (
        <img
          key={`${id} original`}
          className={`${styles.picture} ${styles.original}`}
          style={{ ...size, backgroundColor: "transparent", ...zoom.style }}
          src={imageAddress(id)}
          alt=""
          draggable={false}
        />
      )}
      {walk.previous && (
        <button type="button" className={styles.previous} aria-label={texts.previous} title={texts.previous} onClick={walk.previous}>
          <Icon name="left" size={28} />
        </button>
      )}
      {walk.next && (
        <button type="button" className={styles.next} aria-label={texts.next} title={texts.next} onClick={walk.next}>
          <Icon name="right" size={28} />
        </button>
      )}
    </div>
  );
}
