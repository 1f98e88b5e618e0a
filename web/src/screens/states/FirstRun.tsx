import { Notice } from "../../parts/Notice";
import type { Status } from "../../types";
import { Progress } from "./Indexing";
import styles from "./states.module.css";

/** There are no photos yet: how to index some, or how far that is. */
export function FirstRun({ status }: { status: Status }) {
  if (status.indexing)
    return (
      <Notice icon="picture" title="Reading your photos">
        <Progress indexing={status.indexing} />
        <p>You can search the first ones in a moment.</p>
      </Notice>
    );
  return (
    <Notice icon="picture" title="No photos yet">
      <p>Run this on the machine with your photos. This page updates by itself.</p>
      <pre className={styles.command}>
        <code>magpie index ~/Pictures</code>
      </pre>
      <p>Your photos stay where they are, unchanged, and nothing leaves your machine.</p>
    </Notice>
  );
}
