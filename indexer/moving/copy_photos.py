"""Copy photos and file records to another store, writing only what differs there."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from indexer.errors import BadValue
from indexer.moving.pairs import pairs
from indexer.progress import Progress
from indexer.records import File, Photo
from indexer.stores import Store


@dataclass(slots=True)
class CopyCounts:
    """What a pass wrote.

    Attributes:
        written: photos that were new or different.
        removed: photos that are no longer in the source.
        raced: photos that somebody else wrote at the same moment.
    """

    written: int = 0
    removed: int = 0
    raced: int = 0


@dataclass(slots=True)
class CopyPass:
    """One pass over all photos and files, in memory that does not grow with them.

    Attributes:
        source, target: stores of the same network; everything written to them is visible.
        progress: told about every photo.
        done: what was written so far.
    """

    source: Store
    target: Store
    progress: Progress
    done: CopyCounts = field(default_factory=CopyCounts)

    def run(self) -> CopyCounts:
        """Write photos, then file records, so that no record ever names a missing photo.

        Raises:
            BadValue: the target refused photos for what is in them; all others are written.
            StoreAway: a store went away; what was written stays.
        """
        surplus: list[str] = []
        failures = self.target.photos.put(self._photos(surplus))
        if surplus:  # deleting nothing would change the state of an SQLite store
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


def same(one: Photo, other: Photo) -> bool:
    """Tell whether two documents are equal to the last bit, except for their versions."""
    return one == other and np.array_equal(one.vector, other.vector)


def _id(photo: Photo) -> str:
    return photo.id


def _path(file: File) -> str:
    return file.path
