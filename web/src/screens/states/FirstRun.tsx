import { Notice } from "../../parts/Notice";
import type { Status } from "../../types";
import { CopyButton } from "../../parts/CopyButton";
import { Progress } from "./Indexing";
import styles from "./states.module.css";
import { texts } from "../../texts";

/** There are no photos yet: how to index some, or how far that is. */
export function FirstRun({ status }: { status: Status }) {
  if (status.indexing)
    return (
      <Notice icon="picture" title={texts.readingPhotos}>
        <Progress indexing={status.indexing} />
        <p>{texts.firstSoon}</p>
      </Notice>
    );
  return (
    <Notice icon="picture" title={texts.noPhotos}>
      <p>{texts.runThis}</p>
      <pre className={styles.command}>
        <code>{status.index_command}</code>
      </pre>
      <CopyButton text={status.index_command} name="command" />
      <p>{texts.photosStay}</p>
    </Notice>
  );
}
