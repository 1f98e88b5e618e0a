"""What is refused whatever kind of store it is: incomplete copies, and slices too far down."""

from indexer.errors import BadValue, Conflict
from indexer.records import Origin, StoreInfo
from indexer.stores.protocols import Store

MOST_RESULTS = 10_000
"""Elasticsearch's index.max_result_window, kept by all stores."""


def require_complete(store: Store) -> StoreInfo | None:
    """Refuse a store that is an incomplete copy of another one.

    Returns:
        What made the store, so that one request answers both; None where there is no store yet.

    Raises:
        Conflict: part of it may be missing; or as `Identity.read`.
    """
    made = store.identity.read()
    if made is None:
        return None
    check_complete(store.location, made.origin)
    return made.info


def check_complete(place: str, origin: Origin | None) -> None:
    """As `require_complete`, for a store whose origin was read.

    Raises:
        Conflict: part of it may be missing.
    """
    if origin and not origin.copied:
        raise Conflict(
            f"{place} is not yet a whole copy of {origin.place}: run the same `magpie copy` again, "
            "which goes on where it was"
        )


def check_slice(limit: int, offset: int) -> None:
    """Refuse a slice of a ranking that lies too far down.

    Raises:
        BadValue: it ends beyond `MOST_RESULTS`.
    """
    if offset + limit > MOST_RESULTS:
        raise BadValue(
            f"results {offset} to {offset + limit} were asked for, at most {MOST_RESULTS} can be "
            "had: use a smaller limit or offset"
        )
