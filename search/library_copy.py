"""Copy a library to another store, and ask both whether they are the same now."""

from dataclasses import asdict, dataclass

from indexer.progress import Progress
from indexer.store_copy import copy
from search.copy_check import check_rankings, queries
from search.library import Choices, open_library


@dataclass(frozen=True, slots=True)
class Done:
    """What was copied: see `store_copy.Contents` and `store_sync.Changes`.

    Attributes:
        source, target: URLs without passwords.
        queries: how many were compared.
    """

    source: str
    target: str
    photos: int
    files: int
    unreadable: int
    events: int
    words: int
    searches: int
    written: int
    removed: int
    queries: int


def copy_library(source: str, target: str, progress: Progress) -> Done:
    """Copy a library as `store_copy.copy` does, and compare what both answer.

    Args:
        source, target: URLs of stores.
        progress: told about every photo and every query.

    Raises:
        NotFound, Conflict, BadValue, StoreAway: see `store_copy.copy` and `check_rankings`.
    """
    unlogged = Choices(search_log=False)
    with open_library(source, unlogged) as library, open_library(target, unlogged) as made:
        done = copy(library.store, made.store, progress)
        asked = check_rankings(queries(library), library.store, made.store, progress)
        return Done(
            source=library.store.location,
            target=made.store.location,
            **asdict(done.contents),
            written=done.changes.written,
            removed=done.changes.removed,
            queries=asked,
        )
