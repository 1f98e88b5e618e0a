"""Libraries of synthetic photos, written as `magpie index` writes them and kept for the next run.

Each finished step is timed and noted in a file beside the store. An interrupted run continues with
the step it was at, and a complete library is used as it is.
"""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.synthetic import FOLDER, Real, photos
from indexer.batches import batched
from indexer.derived.vectors import Vectors
from indexer.neighbours import DEFAULT, STORED, open_index
from indexer.neighbours.approximate.base import Base
from indexer.neighbours.cells import Cells
from indexer.neighbours.comparing.lists import UNIT, Lists
from indexer.queries import Query
from indexer.records import File, Matrix, Photo, StoreInfo
from indexer.run.linking import link
from indexer.stores import Store, open_store
from search.teaching.space_file import prepare

DIMENSIONS = 1280
MOST_LINKED = 200_000
"""Up to this many photos, all lists are computed and written. Beyond it, only the lists of one in
`SHARE` cells are computed, and their time is multiplied by `SHARE`; the lists written are the
nearest in three cells, so that every photo has one that can be read."""

SHARE = 50
BATCH = 256
"""Photos that `magpie index` writes at a time."""


@dataclass
class Clock:
    """Seconds that work took: wall-clock time and processor time."""

    wall: float = 0.0
    processor: float = 0.0

    def add(self, work: Callable[[], object]) -> None:
        """Do some work and count it."""
        wall, processor = time.perf_counter(), time.process_time()
        work()
        self.wall += time.perf_counter() - wall
        self.processor += time.process_time() - processor


@dataclass(frozen=True)
class Library:
    """A library of `count` photos; `costs` has the clock of each finished step."""

    folder: Path
    count: int
    costs: dict[str, Clock]

    @classmethod
    def open(cls, count: int) -> "Library":
        """Find what exists of it."""
        folder = FOLDER / "benchmarks" / f"library-{count}"
        noted = folder / "costs.json"
        if not noted.exists():  # nothing, or only a part
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            return cls(folder, count, {})
        costs = json.loads(noted.read_text())
        return cls(folder, count, {step: Clock(*clock) for step, clock in costs.items()})

    @property
    def url(self) -> str:
        """URL of the store."""
        return f"sqlite:///{self.folder}/photos.db"

    def build(self) -> "Library":
        """Do the steps that are not finished yet."""
        for name, step in STEPS.items():
            if name not in self.costs:
                store, clock = open_store(self.url), Clock()
                step(store, clock, self.count)
                store.close()
                self.costs[name] = clock
                noted = {done: (one.wall, one.processor) for done, one in self.costs.items()}
                (self.folder / "costs.json").write_text(json.dumps(noted))
        return self


def _write(store: Store, clock: Clock, count: int) -> None:
    real = Real.read()
    store.identity.create(StoreInfo(real.model, "0" * 64, DIMENSIONS))
    made = map(_hashed, photos(real, count, DIMENSIONS))
    for batch in batched(made, BATCH):
        files = [File(photo.paths[0], photo.bytes, 1, photo.id) for photo in batch]
        clock.add(lambda batch=batch: store.photos.put(batch))  # type: ignore[misc]
        clock.add(lambda files=files: store.files.put(files))  # type: ignore[misc]


def _hashed(photo: Photo) -> Photo:
    """Give a photo an id like a content hash, which says nothing about when the photo came."""
    return replace(photo, id=blake2b(photo.id.encode(), digest_size=16).hexdigest())


def _vectors(store: Store, clock: Clock, count: int) -> None:
    clock.add(store.photos.vectors)


def _labels(store: Store, clock: Clock, count: int) -> None:
    clock.add(lambda: store.ranking.search(Query(weights={"n02391049": 1.0})))


def _index(store: Store, clock: Clock, count: int) -> None:
    clock.add(open_index(DEFAULT, store).prepare)


def _lists(store: Store, clock: Clock, count: int) -> None:
    if count <= MOST_LINKED:
        clock.add(lambda: link(store, open_index(DEFAULT, store)))
        return
    vectors, base = store.photos.vectors(), Base.load(store.derived(DEFAULT), Cells)
    assert base is not None and isinstance(base.finder, Cells)
    cells = base.finder
    in_cells = np.repeat(np.arange(len(cells.centres)), np.diff(cells.starts)) % SHARE == 0
    some = np.sort(vectors.position_of[base.rows[cells.items[in_cells]]])
    one = Clock()
    one.add(lambda: open_index(DEFAULT, store).lists(vectors, some, STORED))
    clock.wall += one.wall * count / len(some)
    clock.processor += one.processor * count / len(some)
    if store.counts().linked < count:
        for positions, near, cosines in _by_cell(vectors, base):
            lists = Lists(near, np.round(cosines * UNIT).astype(np.int32)).neighbours(vectors.ids)
            photos = [vectors.ids[position] for position in positions.tolist()]
            store.lists.replace(dict(zip(photos, lists, strict=True)))


def _by_cell(
    vectors: Vectors, base: Base
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int32], Matrix]]:
    """Yield each cell's photos with the nearest in it and in the two closest cells."""
    cells = base.finder
    assert isinstance(cells, Cells)
    for cell, (start, end) in enumerate(pairwise(cells.starts.tolist())):
        beside = np.argsort(-(cells.centres @ cells.centres[cell]))[:3]
        held = np.concatenate(
            [np.arange(start, end)]
            + [np.arange(*cells.starts[one : one + 2]) for one in beside if one != cell]
        )
        products = cells.points[start:end] @ cells.points[held].T
        products[np.arange(end - start), np.arange(end - start)] = -1
        near = np.argsort(-products, axis=1)[:, :STORED]
        positions = vectors.position_of[base.rows[cells.items[held]]]
        cosines = np.take_along_axis(products, near, 1)
        yield positions[: end - start], positions[near].astype(np.int32), cosines


def _teaching(store: Store, clock: Clock, count: int) -> None:
    clock.add(lambda: prepare(store))


STEPS = {
    "write": _write,
    "vectors": _vectors,
    "labels": _labels,
    "index": _index,
    "lists": _lists,
    "teaching": _teaching,
}
