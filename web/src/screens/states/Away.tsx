import { ApiError } from "../../api";
import controls from "../../parts/controls.module.css";
import { Notice } from "../../parts/Notice";

/** The server or its store does not answer; the page keeps asking by itself. */
export function Away({ error, retry }: { error: Error; retry: () => void }) {
  const isServer = error instanceof ApiError && error.status === 0;
  return (
    <Notice
      icon="alert"
      title={isServer ? "Can't reach Magpie" : "Can't reach the photo store"}
      isUrgent
    >
      <p>{error.message}</p>
      <p>Reconnecting…</p>
      <button type="button" className={controls.button} onClick={retry}>
        Try now
      </button>
    </Notice>
  );
}
