import { ApiError } from "../../api";
import { NOTHING, type Search, searchAddress } from "../../address";
import controls from "../../parts/controls.module.css";
import { Notice } from "../../parts/Notice";
import { Link } from "react-router";

interface Props {
  error: Error;
  search?: Search;
  retry: () => void;
}

/** Something could not be read: what happened, and what to do. */
export function Failed({ error, search = NOTHING, retry }: Props) {
  const isGone = error instanceof ApiError && error.status === 404 && search.like !== "";
  if (isGone)
    return (
      <Notice icon="picture" title="This picture is no longer available" isUrgent>
        <p>Uploaded pictures are kept only for a while. Drop it again to search with it.</p>
        <Link className={controls.button} to={searchAddress({ ...search, like: "" })}>
          Search without it
        </Link>
      </Notice>
    );
  return (
    <Notice icon="alert" title="Something went wrong" isUrgent>
      <p>{error.message}</p>
      <button type="button" className={controls.button} onClick={retry}>
        Try again
      </button>
    </Notice>
  );
}
