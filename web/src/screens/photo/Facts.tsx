import { inFolderOf, searchAddress } from "../../address";
import { checkOriginal, downloadAddress } from "../../api";
import { useOnce } from "../../hooks/useOnce";
import { useToast } from "../../hooks/useToast";
import controls from "../../parts/controls.module.css";
import { Icon } from "../../parts/Icon";
import { fileSize } from "../../parts/size";
import { filmLength, moment } from "../../parts/time";
import { Link } from "../../place";
import { texts } from "../../texts";
import { explain } from "../../texts/explain";
import { decimal, number } from "../../texts/locale";
import type { Photo } from "../../types";
import { Exposure } from "./Exposure";
import styles from "./Facts.module.css";

/** Where the photo is, when and how it was taken, and its file to download. */
export function Facts({ photo, isMissing }: { photo: Photo; isMissing: boolean }) {
  const { say } = useToast();
  const copy = async (path: string) => {
    try {
      await navigator.clipboard.writeText(path);
      say({ text: texts.pathsCopied(1) });
    } catch {
      say({ text: texts.notCopied.path, isError: true });
    }
  };
  const [start] = useOnce();
  /** The browser would say nothing about a file that is gone. */
  const save = async (id: string) => {
    try {
      await checkOriginal(id);
    } catch (error) {
      say({ text: explain(error, "file"), isError: true });
      return;
    }
    const link = document.createElement("a");
    link.href = downloadAddress(id);
    link.download = "";
    link.click();
  };
  return (
    <section className={styles.facts}>
      <h2>{texts.file}</h2>
      <ul>
        {photo.paths.map((path) => (
          <li key={path} className={styles.path}>
            <span className={styles.text}>{path}</span>
            <button
              type="button"
              className={controls.icon}
              aria-label={texts.copyThisPath(path)}
              title={texts.copyPath}
              onClick={() => void copy(path)}
            >
              <Icon name="copy" size={18} />
            </button>
            <Link
              className={controls.icon}
              to={searchAddress(inFolderOf(path))}
              aria-label={texts.inFolderOf(path)}
              title={texts.inThisFolder}
            >
              <Icon name="folder" size={18} />
            </Link>
          </li>
        ))}
      </ul>
      <p>
        {photo.captured ? texts.takenAt(moment(photo.captured)) : texts.modifiedAt(moment(photo.modified))}
        {photo.camera && `, ${photo.camera}`}
      </p>
      <p>
        {texts.pixels(number(photo.width), number(photo.height))}, {fileSize(photo.bytes)}, {photo.format.toUpperCase()}
        {photo.duration !== null && `, ${texts.long(filmLength(photo.duration))}`}
      </p>
      {!isMissing && photo.duration === null && <Exposure id={photo.id} />}
      {photo.place && <p>{photo.place}</p>}
      {photo.location && (
        <p>
          {texts.position(decimal(photo.location.latitude, 5), decimal(photo.location.longitude, 5))}
        </p>
      )}
      {photo.damaged && <p className={styles.damaged}>{texts.damaged}</p>}
      {!isMissing && (
        <a
          className={controls.button}
          href={downloadAddress(photo.id)}
          download
          onClick={(event) => {
            event.preventDefault();
            start(photo.id, () => save(photo.id));
          }}
        >
          <Icon name="download" /> {texts.download}
        </a>
      )}
    </section>
  );
}
