import { useMemo, useRef } from "react";
import { useWidth } from "../hooks/useWidth";
import { justify } from "./justify";
import styles from "./Skeleton.module.css";

const SHAPES = [1.5, 0.75, 1.33, 1, 1.78, 0.67, 1.5, 1.33, 1.2, 0.8, 1.6, 1.4];

/** Rows without photos, shown while an answer takes long. */
export function Skeleton({ count = 24 }: { count?: number }) {
  const container = useRef<HTMLDivElement>(null);
  const width = useWidth(container);
  const { boxes, height } = useMemo(() => {
    const photos = Array.from({ length: count }, (_, n) => ({
      id: `${n}`,
      width: 100 * SHAPES[n % SHAPES.length]!,
      height: 100,
    }));
    return justify(photos, width || 1);
  }, [count, width]);
  return (
    <div ref={container} className={styles.rows} style={{ height }} aria-hidden="true">
      {width > 0 &&
        boxes.map((box, n) => (
          <div
            key={n}
            className={styles.place}
            style={{ left: box.x, top: box.y, width: box.width, height: box.height }}
          />
        ))}
    </div>
  );
}
