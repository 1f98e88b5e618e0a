"""Keeps the teaching space of a store: made when it is first needed, updated when photos change."""

import threading
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TypeVar

import numpy as np

from indexer.arrays import read_arrays, write_arrays
from indexer.neighbours.parts.cells import Cells
from indexer.records import Matrix, Neighbour, Photo, StoreInfo
from indexer.stores import Store
from search.teaching.space import (
    NEAR,
    Fit,
    Rows,
    Space,
    fit,
    neighbour_weights,
    points_of,
    width_of,
)

FEWEST_TO_FIT = 2000
"""Below this a fitted space is no better than vectors and labels (docs/teaching.md)."""

MOST_TO_FIT = 5000
"""Photos that a space is fitted on, evenly spread over the ids, which are random."""

FEWEST_TO_INDEX = 20_000
"""Below this all points are compared, which takes 2 ms."""

LOOKED = 96
"""Cells that are looked into: ten times the photos that are asked for, at 100,000."""

DRIFT = 0.2
"""A space is fitted anew when the library grew or shrank by more than this part."""

MOST_NEW, NEW_SHARE = 200, 0.02
"""So many photos and this part of all may come and go before the points are sorted anew."""

BATCH = 500
NAME, FINDER = "teaching", "cells_"
"""Of the file, and of the arrays in it by which photos are found."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Saved:
    """A space as the file holds it.

    Attributes:
        state: of the store that it mirrors.
        space: without photos that came later.
        fitted: number of photos that there were when it was fitted.
    """

    state: str
    space: Space
    fitted: int


class SpaceKeeper:
    """Gives the space of a store as its photos are now. One object serves all threads."""

    def __init__(self, store: Store) -> None:
        """Read nothing yet."""
        self._store = store
        self._lock = threading.Lock()
        self._state: str | None = None
        self._saved: Saved | None = None
        self._space: Space

    def current(self) -> Space:
        """Return the space; new photos are in it with the fit there is, until it is fitted anew.

        Raises:
            NotFound: there is no store.
        """
        with self._lock:
            state = self._store.state()
            if state != self._state:
                self._space = self._read(state)
                self._state = state
            return self._space

    def _read(self, state: str) -> Space:
        ids = self._store.vectors().ids
        if len(ids) < FEWEST_TO_FIT:
            return _build(self._store, ids, None)
        if self._saved is None or _is_far(self._saved, ids):
            # another process may have renewed it
            self._saved = _load(self._store.derived(NAME), self._store.info())
        saved = self._saved
        if saved is None or _is_far(saved, ids):
            return self._renew(state, ids, saved)
        return saved.space if saved.state == state else _update(self._store, saved, ids)

    def _renew(self, state: str, ids: Sequence[str], old: Saved | None) -> Space:
        """Make the file anew, with the fit there is if it still holds."""
        if old and abs(len(ids) - old.fitted) > DRIFT * old.fitted:
            old = None
        made = old.space.fit if old else _fit(self._store, ids)
        space = _build(self._store, ids, made)
        path = self._store.derived(NAME)
        if len(ids) >= FEWEST_TO_INDEX:
            space = replace(space, finder=Cells.build(space.points).looking(LOOKED))
        self._saved = Saved(state, space, old.fitted if old else len(ids))
        with suppress(OSError):  # a full disk costs the next process time, and no answer
            _save(path, self._saved)
        return space


def prepare(store: Store) -> None:
    """Make the space of a library in which the first taught search would wait for it."""
    if store.count() >= FEWEST_TO_INDEX:
        SpaceKeeper(store).current()


def _difference(ids: Sequence[str], before: Sequence[str]) -> tuple[list[str], frozenset[int]]:
    """Ids that came, and the rows of those that left; both in ascending order before."""
    come = sorted(set(ids).difference(before))
    left = set(before).difference(ids)
    return come, frozenset(bisect_left(before, id) for id in left)


def _is_far(saved: Saved, ids: Sequence[str]) -> bool:
    come, gone = _difference(ids, saved.space.ids)
    return len(come) + len(gone) > MOST_NEW + NEW_SHARE * saved.fitted


def _update(store: Store, saved: Saved, ids: Sequence[str]) -> Space:
    """Put the few photos that came beside those there are, and read lists that changed."""
    old = saved.space
    come, gone = _difference(ids, old.ids)
    photos = store.get(come)
    more = {id: len(old.ids) + place for place, id in enumerate(id for id in come if id in photos)}
    extra = np.zeros((0, old.points.shape[1]), np.float32)
    if more:
        extra = _points(old.fit, [photos[id] for id in more])
    empty = len(more), NEAR
    near = np.concatenate([old.near, np.full(empty, -1, np.int32)])
    weights = np.concatenate([old.weights, np.zeros(empty, np.float32)])
    space = replace(old, near=near, weights=weights, more=more, extra=extra, gone=gone)
    for id, listed in store.neighbours(saved.state):
        row = space.row(id)
        if row is not None:
            near[row], cosines = -1, np.zeros((1, NEAR), np.float32)
            _fill(near[row], cosines[0], listed, space.row)
            weights[row] = neighbour_weights(cosines)[0]
    return space


def _build(store: Store, ids: Sequence[str], made: Fit | None) -> Space:
    """Read all photos once: their points and the lists of their neighbours."""
    near = np.full((len(ids), NEAR), -1, np.int32)
    cosines = np.zeros((len(ids), NEAR), np.float32)
    points = np.zeros((len(ids), width_of(made, store.vectors().rows)), np.float32)
    places = {id: row for row, id in enumerate(ids)}
    for photos in _batches(photo for photo in store.scan() if photo.id in places):
        rows = [places[photo.id] for photo in photos]
        points[rows] = _points(made, photos)
        for row, photo in zip(rows, photos, strict=True):
            _fill(near[row], cosines[row], photo.neighbours, places.get)
    return Space(ids, points, near, neighbour_weights(cosines), made, network=store.info())


def _fit(store: Store, ids: Sequence[str]) -> Fit:
    sample = ids[:: -(-len(ids) // MOST_TO_FIT)]
    photos = [
        photo for batch in _batches(sample) for _, photo in sorted(store.get(batch).items())
    ]
    return fit(np.stack([photo.vector for photo in photos]), [photo.labels for photo in photos])


def _points(made: Fit | None, photos: Sequence[Photo]) -> Matrix:
    vectors = np.stack([photo.vector for photo in photos])
    return points_of(made, vectors, [photo.labels for photo in photos])


def _fill(
    near: Rows, cosines: Matrix, listed: Iterable[Neighbour], row_of: Callable[[str], int | None]
) -> None:
    known = ((row, one.cosine) for one in listed if (row := row_of(one.id)) is not None)
    rows = list(islice(known, NEAR))
    near[: len(rows)] = [row for row, _ in rows]
    cosines[: len(rows)] = [cosine for _, cosine in rows]


def _load(path: Path, network: StoreInfo | None) -> Saved | None:
    found = read_arrays(path)
    if found is None:
        return None
    arrays = found.arrays
    try:
        fitted = Fit(arrays["mean"], arrays["whitening"], arrays["projection"])
        ids = [id.decode() for id in arrays["ids"].tolist()]
        points, near, weights = arrays["points"], arrays["near"], arrays["weights"]
        space = Space(ids, points, near, weights, fitted, network=network)
        if FINDER + "items" in arrays:
            parts = {name.removeprefix(FINDER): array for name, array in arrays.items()}
            space = replace(space, finder=Cells.load(parts, path))
        return Saved(found.state, space, int(arrays["fitted"][0]))
    except (KeyError, OSError):
        return None


def _save(path: Path, saved: Saved) -> None:
    space = saved.space
    assert space.fit is not None
    arrays = {
        "ids": np.array([id.encode() for id in space.ids], np.bytes_),
        "points": space.points,
        "near": space.near,
        "weights": space.weights,
        "mean": space.fit.mean,
        "whitening": space.fit.whitening,
        "projection": space.fit.projection,
        "fitted": np.array([saved.fitted]),
    }
    if isinstance(space.finder, Cells):
        arrays |= {FINDER + name: array for name, array in space.finder.arrays(path).items()}
    write_arrays(path, saved.state, {name: [array] for name, array in arrays.items()})


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(items)
    while batch := list(islice(rest, BATCH)):
        yield batch
