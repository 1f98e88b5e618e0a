import { ApiError } from "../../api";
import controls from "../../parts/controls.module.css";
import { Notice } from "../../parts/Notice";
import { texts } from "../../texts";
import { storeNamed } from "../../texts/explain";
import { fill } from "../../texts/fill";
import styles from "./states.module.css";

interface Props {
  error: Error;
  retry: () => void;
}

function titleOf(error: Error): string {
  const isServer = error instanceof ApiError && error.status === 0;
  return isServer ? texts.noServer : texts.noStore;
}

/** The server or its store does not answer and there is nothing to show; the page keeps asking. */
export function Away({ error, retry }: Props) {
  const store = storeNamed(error);
  return (
    <Notice icon="alert" title={titleOf(error)} isUrgent>
      {store && <p>{fill(texts.storeAt, <code>{store}</code>)}</p>}
      <p>{texts.reconnecting}</p>
      <button type="button" className={controls.button} onClick={retry}>
        {texts.tryNow}
      </button>
    </Notice>
  );
}

/** The same in a line, over a screen that stays as it is. */
export function AwayStrip({ error, retry }: Props) {
  return (
    <div role="status" className={styles.away}>
      <span>
        {titleOf(error)}. {texts.reconnecting}
      </span>
      <button type="button" className={controls.button} onClick={retry}>
        {texts.tryNow}
      </button>
    </div>
  );
}
