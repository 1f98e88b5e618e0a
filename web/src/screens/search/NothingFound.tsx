import { Link } from "react-router";
import { type Search, searchAddress } from "../../address";
import { Notice } from "../../parts/Notice";

/** A search that asks for nothing, for example because every part is ignored. */
export function NothingFound({ search }: { search: Search }) {
  return (
    <Notice icon="search" title="Nothing found">
      {search.without.length > 0 ? (
        <p>
          Parts of this search are ignored.{" "}
          <Link to={searchAddress({ ...search, without: [] })}>Use them again</Link>
        </p>
      ) : (
        <p>Try other words, or drop a similar picture.</p>
      )}
    </Notice>
  );
}
