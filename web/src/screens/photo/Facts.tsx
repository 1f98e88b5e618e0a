import { downloadAddress } from "../../api";
import { useToast } from "../../hooks/useToast";
import controls from "../../parts/controls.module.css";
import { Icon } from "../../parts/Icon";
import { moment } from "../../parts/time";
import type { Photo } from "../../types";
import styles from "./Facts.module.css";

function fileSize(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Where the photo is, when and how it was taken, and its file to download. */
export function Facts({ photo }: { photo: Photo }) {
  const { say } = useToast();
  const copy = async (path: string) => {
    try {
      await navigator.clipboard.writeText(path);
      say({ text: "Path copied" });
    } catch {
      say({ text: "Your browser blocked copying. Select the path and copy it yourself.", isError: true });
    }
  };
  return (
    <section className={styles.facts}>
      <h2>File</h2>
      <ul>
        {photo.paths.map((path) => (
          <li key={path} className={styles.path}>
            <span className={styles.text}>{path}</span>
            <button
              type="button"
              className={controls.icon}
              aria-label={`Copy path ${path}`}
              title="Copy path"
              onClick={() => void copy(path)}
            >
              <Icon name="copy" size={18} />
            </button>
          </li>
        ))}
      </ul>
      <p>
        {photo.captured ? `Taken ${moment(photo.captured)}` : `File modified ${moment(photo.modified)}`}
        {photo.camera && `, ${photo.camera}`}
      </p>
      <p>
        {photo.width} × {photo.height} pixels, {fileSize(photo.bytes)}, {photo.format.toUpperCase()}
      </p>
      <a className={controls.button} href={downloadAddress(photo.id)} download>
        <Icon name="download" /> Download
      </a>
    </section>
  );
}
