"""Copy photos and file records to another store, writing only what differs there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np

from indexer.errors import BadValue
from indexer.moving.ahead import ahead
from indexer.moving.pairs import pairs
from indexer.progress import Progress
from indexer.records import Failure, File, Photo
from indexer.stores import Store
from indexer.stores.photo_protocols import PackedPair, PackedPhoto

AHEAD = 256
"""Photos that are read while others are written."""

P = TypeVar("P", Photo, PackedPhoto)


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
        packed = self.source.photos.packed(self.target.photos)
        failures = self._pack(packed, surplus) if packed else self._photos(surplus)
        if surplus:  # deleting nothing would change the state of an SQLite store
            self.target.photos.delete(surplus)
        self.done.removed = len(surplus)
        self.done.raced = sum(failure.conflict for failure in failures)
        self._files()
        self._numbers()
        self._roots()
        refused = [failure for failure in failures if not failure.conflict]
        if refused:
            raise BadValue(
                f"{self.target.location} refused {len(refused):,} photos, such as "
                f"{refused[0].id} ({refused[0].reason}): all others were copied"
            )
        return self.done

    def _photos(self, surplus: list[str]) -> list[Failure]:
        """Write what differs; find out what the source no longer has."""
        source, target = self.source.photos, self.target.photos
        with ahead(source.scan(), AHEAD) as wanted, ahead(target.scan(), AHEAD) as held:
            differing = self._differing(wanted, held, same, surplus)
            return target.put(replace(one, version=version) for one, version in differing)

    def _pack(self, packed: PackedPair, surplus: list[str]) -> list[Failure]:
        """Do as `_photos` without unpacking photos."""
        differing = self._differing(packed.source(), packed.target(), _same_content, surplus)
        return packed.put(one._replace(version=version) for one, version in differing)

    def _differing(
        self,
        source: Iterator[P],
        target: Iterator[P],
        equal: Callable[[P, P], bool],
        surplus: list[str],
    ) -> Iterator[tuple[P, str | None]]:
        """Yield photos of the source that differ, and the version in the target to replace."""
        with self.progress.over(self.source.photos.count(), "copying", "photos"):
            for id, wanted, held in pairs(source, target, _id):
                if wanted is None:
                    surplus.append(id)
                    continue
                if held is None or not equal(wanted, held):
                    self.done.written += 1
                    yield wanted, held.version if held else None
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

    def _numbers(self) -> None:
        source, target = self.source.files, self.target.files
        target.left_out.update(source.left_out.read(), is_over=lambda one: True)
        target.links_out.update(source.links_out.read(), is_over=lambda one: True)

    def _roots(self) -> None:
        wanted, held = set(self.source.files.roots()), set(self.target.files.roots())
        if wanted - held:
            self.target.files.put_roots(wanted - held)
        if held - wanted:
            self.target.files.delete_roots(held - wanted)


def same(one: Photo, other: Photo) -> bool:
    """Tell whether two documents are equal to the last bit, except for their versions."""
    return one == other and np.array_equal(one.vector, other.vector)


def _same_content(one: PackedPhoto, other: PackedPhoto) -> bool:
    return one.content == other.content


def _id(photo: Photo | PackedPhoto) -> str:
    return photo.id


def _path(file: File) -> str:
    return file.path
