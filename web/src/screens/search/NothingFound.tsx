import { Link } from "react-router";
import { type Search, searchAddress } from "../../address";
import { Notice } from "../../parts/Notice";

/** A search that names nothing to find, as when every part is left out. */
export function NothingFound({ search }: { search: Search }) {
  return (
    <Notice icon="search" title="Nothing found">
      {search.without.length > 0 ? (
        <p>
          Parts of this search are switched off.{" "}
          <Link to={searchAddress({ ...search, without: [] })}>Take them in again</Link>
        </p>
      ) : (
        <p>Say what the photos show, in other words, or drop a picture that looks like them.</p>
      )}
    </Notice>
  );
}
