"""Make the photos and file records of one store those of another, writing only what differs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np

from indexer.errors import BadValue
from indexer.progress.lines import Progress
from indexer.records import File, Photo
from indexer.stores import Store

T = TypeVar("T")


@dataclass(slots=True)
class Changes:
    """What a pass wrote.

    Attributes:
        written: photos that were new or different.
        removed: photos that the source has no more.
        raced: photos that were written by somebody else at the same moment.
    """

    written: int = 0
    removed: int = 0
    raced: int = 0


@dataclass(slots=True)
class Sync:
    """One pass over all photos and files, in memory that does not grow with them.

    Attributes:
        source, target: stores of the same network; what was written to them is visible.
        progress: told about every photo.
        done: what was written up to now.
    """

    source: Store
    target: Store
    progress: Progress
    done: Changes = field(default_factory=Changes)

    def run(self) -> Changes:
        """Write photos, then file records: whatever dies, no record names a missing photo.

        Raises:
            BadValue: the target refused photos for what is in them; all others are written.
            StoreAway: a store went away; what was written stays.
        """
        surplus: list[str] = []
        failures = self.target.photos.put(self._photos(surplus))
        if surplus:  # a delete of nothing would change the state of SQLite
            self.target.photos.delete(surplus)
        self.done.removed = len(surplus)
        self.done.raced = sum(failure.conflict for failure in failures)
        self._files()
        refused = [failure for failure in failures if not failure.conflict]
        if refused:
            raise BadValue(
                f"{self.target.location} refused {len(refused):,} photos, such as "
                f"{refused[0].id} ({refused[0].reason}): all others were copied"
            )
        return self.done

    def _photos(self, surplus: list[str]) -> Iterator[Photo]:
        with self.progress.over(self.source.photos.count(), "copying", "photos"):
            for id, wanted, held in pairs(
                self.source.photos.scan(), self.target.photos.scan(), _id
            ):
                if wanted is None:
                    surplus.append(id)
                    continue
                if held is None or not same(wanted, held):
                    self.done.written += 1
                    yield replace(wanted, version=held.version if held else None)
                self.progress.advance(1)

    def _files(self) -> None:
        surplus: list[str] = []

        def changed() -> Iterator[File]:
            for path, wanted, held in pairs(
                self.source.files.read(), self.target.files.read(), _path
            ):
                if wanted is None:
                    surplus.append(path)
                elif wanted != held:
                    yield wanted

        self.target.files.put(changed())
        self.target.files.delete(surplus)


def pairs(
    wanted: Iterator[T], held: Iterator[T], key: Callable[[T], str]
) -> Iterator[tuple[str, T | None, T | None]]:
    """Yield each key, what is wanted and what is held of it; not both are None.

    Args:
        wanted, held: in ascending order of `key`, each key once.
        key: what tells two items apart.
    """
    one, other = next(wanted, None), next(held, None)
    while one is not None or other is not None:
        first = min(key(item) for item in (one, other) if item is not None)
        mine = one if one is not None and key(one) == first else None
        theirs = other if other is not None and key(other) == first else None
        yield first, mine, theirs
        one = next(wanted, None) if mine is not None else one
        other = next(held, None) if theirs is not None else other


def same(one: Photo, other: Photo) -> bool:
    """Tell whether two documents are equal to the last bit, versions apart."""
    return one == other and np.array_equal(one.vector, other.vector)


def _id(photo: Photo) -> str:
    return photo.id


def _path(file: File) -> str:
    return file.path
