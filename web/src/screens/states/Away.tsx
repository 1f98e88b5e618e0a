import { ApiError } from "../../api";
import controls from "../../parts/controls.module.css";
import { Notice } from "../../parts/Notice";

/** The server or its store is away; the page asks again by itself. */
export function Away({ error, retry }: { error: Error; retry: () => void }) {
  const isServer = error instanceof ApiError && error.status === 0;
  return (
    <Notice
      icon="alert"
      title={isServer ? "Magpie's server is away" : "The photo store is away"}
      isUrgent
    >
      <p>{error.message}</p>
      <p>The page goes on by itself as soon as it is back.</p>
      <button type="button" className={controls.button} onClick={retry}>
        Try now
      </button>
    </Notice>
  );
}
