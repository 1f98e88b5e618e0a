import { usePictures } from "../hooks/usePictures";
import styles from "./DropHint.module.css";
import { Icon } from "./Icon";

/** Covers the window while a picture is dragged over it. */
export function DropHint() {
  const { invitation } = usePictures();
  if (!invitation) return null;
  return (
    <div className={styles.cover}>
      <div className={styles.frame}>
        <Icon name="picture" size={48} />
        <p>{invitation}</p>
      </div>
    </div>
  );
}
