import { Notice } from "../../parts/Notice";
import type { Status } from "../../types";
import { Progress } from "./Indexing";
import styles from "./states.module.css";

/** There are no photos yet: how to get some in, or how far that is. */
export function FirstRun({ status }: { status: Status }) {
  if (status.indexing)
    return (
      <Notice icon="picture" title="Your photos are being read">
        <Progress indexing={status.indexing} />
        <p>The first ones can be searched in a moment.</p>
      </Notice>
    );
  return (
    <Notice icon="picture" title="There are no photos here yet">
      <p>Run this on the machine that has them; the page goes on by itself:</p>
      <pre className={styles.command}>
        <code>magpie index ~/Pictures</code>
      </pre>
      <p>Photos stay where they are. Nothing is changed, and nothing leaves the machine.</p>
    </Notice>
  );
}
