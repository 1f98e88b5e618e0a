import { downloadAddress } from "../../api";
import { useToast } from "../../hooks/useToast";
import controls from "../../parts/controls.module.css";
import { Icon } from "../../parts/Icon";
import type { Photo } from "../../types";
import styles from "./Facts.module.css";

/** Camera times have no zone: they are shown as the camera wrote them. */
function day(time: string): string {
  const format = new Intl.DateTimeFormat(undefined, { dateStyle: "long", timeStyle: "short" });
  return format.format(new Date(time));
}

function fileSize(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Where the photo lies, when and how it was taken, and the way to its file. */
export function Facts({ photo }: { photo: Photo }) {
  const { say } = useToast();
  const copy = async (path: string) => {
    try {
      await navigator.clipboard.writeText(path);
      say({ text: "Path copied" });
    } catch {
      say({ text: "The browser does not let pages copy; select the path instead", isError: true });
    }
  };
  return (
    <section className={styles.facts}>
      <h2>The file</h2>
      <ul>
        {photo.paths.map((path) => (
          <li key={path} className={styles.path}>
            <span className={styles.text}>{path}</span>
            <button
              type="button"
              className={controls.icon}
              aria-label={`Copy ${path}`}
              title="Copy"
              onClick={() => void copy(path)}
            >
              <Icon name="copy" size={18} />
            </button>
          </li>
        ))}
      </ul>
      <p>
        {photo.captured ? `Taken ${day(photo.captured)}` : `Changed ${day(photo.modified)}`}
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
