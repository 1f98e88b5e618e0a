import { useQuery } from "@tanstack/react-query";
import * as api from "../../api";
import { useTitle } from "../../hooks/useTitle";
import { CopyButton } from "../../parts/CopyButton";
import { Retry } from "../../parts/Retry";
import { fileSize } from "../../parts/size";
import { texts } from "../../texts";
import { number } from "../../texts/locale";
import type { Status } from "../../types";
import { Progress } from "../states/Indexing";
import { NO_ENDING } from "../states/leftOut";
import states from "../states/states.module.css";
import styles from "./StatusScreen.module.css";

const MOST_FILES = 100;

/** What the library holds, what it left out, what is going on, and how to add photos. */
export function StatusScreen({ status }: { status: Status }) {
  useTitle(texts.status);
  const { indexing, watching, left_out: leftOut, unreadable } = status;
  const folders = watching.flatMap((one) => one.folders).join(", ");
  return (
    <main className={styles.screen}>
      <h1 className={styles.title}>{texts.status}</h1>
      <ul>
        <li>{texts.photosInFiles(status.photos, status.files)}</li>
        <li>{texts.wordsLearned(status.words)}</li>
        {status.model && <li>{texts.describedBy(status.model)}</li>}
        <li>{texts.sizeOf(fileSize(status.bytes))}</li>
        {folders && <li className={styles.long}>{texts.following(folders)}</li>}
      </ul>
      {indexing && <Progress indexing={indexing} />}
      {unreadable > 0 && <Unreadable count={unreadable} />}
      {Object.keys(leftOut).length > 0 && (
        <section className={styles.part}>
          <h2>{texts.leftOutTitle}</h2>
          <p className={styles.quiet}>{texts.leftOutHow}</p>
          <table className={styles.table}>
            <tbody>
              {Object.entries(leftOut).map(([ending, files]) => (
                <tr key={ending}>
                  <th scope="row">{ending === NO_ENDING ? texts.noEnding : ending}</th>
                  <td>{number(files)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      <section className={styles.part}>
        <h2>{texts.addPhotos}</h2>
        <p className={styles.quiet}>{texts.addPhotosHow}</p>
        <pre className={states.command}>
          <code>{status.index_command}</code>
        </pre>
        <CopyButton text={status.index_command} name="command" />
      </section>
    </main>
  );
}

/** Files that could not be read, each with the reason. */
function Unreadable({ count }: { count: number }) {
  const { data, isError, isFetching, refetch } = useQuery({
    queryKey: ["unreadable", count],
    queryFn: ({ signal }) => api.unreadable(MOST_FILES, signal),
  });
  return (
    <section className={styles.part}>
      <h2>{texts.unreadableTitle}</h2>
      <p className={styles.quiet}>
        {texts.unreadable(count)}. {count > MOST_FILES && texts.firstOf(MOST_FILES)}
      </p>
      {isError && !data && (
        <Retry text={texts.noReasons} isBusy={isFetching} again={() => void refetch()} />
      )}
      <ul>
        {data?.files.map(({ path, reason }) => (
          <li key={path} className={styles.file}>
            <span>{path}</span>
            <span className={styles.quiet} lang="en">
              {reason}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
