"""What is refused, whatever kind of store it is."""

from collections.abc import Mapping

import mappings
from indexer.errors import BadValue, Conflict, ReadOnly
from indexer.records import Origin, StoreInfo
from indexer.stores.protocols import Store

MOST_RESULTS = 10_000
"""Elasticsearch's index.max_result_window, kept by all stores."""


READ_ONLY = (
    "{place} is read-only: change the permissions of the file and its folder, or name another "
    "store with --store"
)

NOT_KEPT = (
    "the vectors cannot be kept in {folder} ({error}): free space there, or name another folder in "
    "MAGPIE_CACHE"
)
"""What is kept in the cache folder because there is no place beside the store."""


def require_writable(store: Store) -> None:
    """Refuse a store that is known to take no writes, before any work is done for it.

    Raises:
        ReadOnly: it may only be read.
    """
    if store.is_read_only():
        raise ReadOnly(READ_ONLY.format(place=store.location))


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
            f"{place} is an incomplete copy of {origin.place}: run the same `magpie copy` again, "
            "which continues where it stopped"
        )


def check_versions(place: str, made_by: Mapping[str, int]) -> None:
    """Refuse a store whose documents this Magpie cannot read.

    Args:
        place: the store, for messages.
        made_by: the version of each mapping, by its name, that the store was made with.

    Raises:
        Conflict: one is newer than this Magpie's, or older than the oldest it can read.
    """
    for name, version in made_by.items():
        known, oldest = mappings.version(name), mappings.oldest(name)
        if not oldest <= version <= known:
            reads = f"{oldest} to {known}" if oldest < known else f"only {known}"
            raise Conflict(
                f"{place} was made with mapping version {version} of its {name}, and this Magpie "
                f"reads {reads}: use the Magpie that made it, or index again into a new --store"
            )


def check_slice(limit: int, offset: int) -> None:
    """Refuse a slice of a ranking that lies too far down.

    Raises:
        BadValue: it ends beyond `MOST_RESULTS`.
    """
    if offset + limit > MOST_RESULTS:
        raise BadValue(
            f"results {offset} to {offset + limit} are too far down, a ranking ends at "
            f"{MOST_RESULTS}: use a smaller limit or offset"
        )
