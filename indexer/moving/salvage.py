"""Copy what can still be read of a damaged SQLite store into a new one, events first."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from indexer.batches import batched
from indexer.errors import BadValue, Conflict, NotFound
from indexer.progress import Progress
from indexer.records import LeftOut, LinksOut, Photo
from indexer.stores import Store, open_store
from indexer.stores.event_checksums import BadEvent
from indexer.stores.sqlite.damaged_file import DamagedFile
from indexer.stores.sqlite.on_disk import named
from indexer.stores.urls import kind_of, to_file

PAGE = 256


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What was copied.

    Attributes:
        source, target: URLs without passwords.
        events: how many, those of the copies beside the store included.
        bad_events: those that were lost: their ids, or "number 7" where that is all there is.
        photos: how many.
        files: records of files whose photos were copied, and of files that are not photos.
        missing: records of files whose photos were not, so that the next run reads them again.
        searches: how many.
    """

    source: str
    target: str
    events: int
    bad_events: tuple[str, ...]
    photos: int
    files: int
    missing: int
    searches: int


def salvage(source: str, target: str, progress: Progress) -> Salvaged:
    """Make a new store of what can be read of a damaged one, which stays as it is.

    Args:
        source: URL of an SQLite store; nobody writes to it meanwhile.
        target: URL of a place without a store.
        progress: told about photos.

    Raises:
        NotFound: there is no such file.
        BadValue: it is not an SQLite store, or not even what it is can be read.
        Conflict: there is something at `target`.
        StoreAway: `target` cannot be written.
    """
    if kind_of(source) != "sqlite":
        raise BadValue(f"only SQLite libraries can be salvaged, not {source.rpartition('@')[2]!r}")
    path = named(to_file(source))
    if not path.exists():
        raise NotFound(f"no file {str(path)!r}: name a store that is damaged")
    with closing(open_store(target)) as made, closing(_open(path)) as file:
        if made.identity.info() or made.events.count():
            raise Conflict(f"{made.location} is already a library: name a place without one")
        return _copy(file, made, f"sqlite:///{path}", progress)


def _open(path: Path) -> DamagedFile:
    try:
        return DamagedFile(path)
    except sqlite3.DatabaseError as error:
        raise BadValue(f"{path} cannot be opened ({error}): put a copy of it back") from error


def _copy(file: DamagedFile, made: Store, source: str, progress: Progress) -> Salvaged:
    info = file.info()
    made.identity.create(info)
    bad: list[BadEvent] = []
    for events in batched(file.events(bad.append), PAGE):
        made.events.append(events)
    known = _put_photos(file.photos(info), made, progress)
    kept, missing = 0, 0
    for files in batched(file.files(), PAGE):
        fitting = [one for one in files if one.photo is None or one.photo in known]
        made.files.put(fitting)
        kept, missing = kept + len(fitting), missing + len(files) - len(fitting)
    made.files.left_out.put(file.numbers("left_out", LeftOut))
    made.files.links_out.put(file.numbers("links_out", LinksOut))
    made.files.put_roots(file.roots())
    for searches in batched(file.searches(), PAGE):
        made.searches.append(searches)
    events_kept = made.events.count()
    rescued = {event.id for event in made.events.read()}
    lost = tuple(event.name for event in bad if event.id not in rescued)
    return Salvaged(
        source, made.location, events_kept, lost, len(known), kept, missing, made.searches.count()
    )


def _put_photos(photos: Iterable[Photo], made: Store, progress: Progress) -> set[str]:
    """Write photos; those whose neighbours are not all there are linked again by the next run."""
    known: set[str] = set()
    with progress.over(None, "salvaging", "photos"):
        for batch in batched(photos, PAGE):
            failures = made.photos.put(replace(one, version=None) for one in batch)
            known |= {one.id for one in batch} - {one.id for one in failures}
            progress.advance(len(batch))
    made.refresh()
    broken = [id for id, near in made.lists.read() if not {one.id for one in near} <= known]
    for ids in batched(broken, PAGE):
        made.lists.replace(dict.fromkeys(ids, ()))
    return known
