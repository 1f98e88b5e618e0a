"""Keeps the teaching space of a store: made when it is first needed, updated when photos change."""

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import TypeVar

import numpy as np

from indexer.arrays import read_arrays, write_arrays
from indexer.records import Matrix, Neighbour, Photo
from indexer.stores import Store
from indexer.vectors import Vectors
from search.teaching.space import NEAR, Fit, Rows, Space, fit, neighbour_weights

FEWEST_TO_FIT = 2000
"""Below this a fitted space is no better than the vectors (docs/teaching.md)."""

MOST_TO_FIT = 10_000
"""Photos that a space is fitted on, evenly spread over the ids, which are random."""

DRIFT = 0.2
"""A space is fitted anew when the library grew or shrank by more than this part."""

BATCH = 500
NAME = "teaching"

T = TypeVar("T")


class SpaceKeeper:
    """Gives the space of a store as its photos are now. One object serves all threads."""

    def __init__(self, store: Store) -> None:
        """Read nothing yet."""
        self._store = store
        self._lock = threading.Lock()
        self._state: str | None = None
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
        vectors = self._store.vectors()
        if len(vectors.ids) < FEWEST_TO_FIT:
            near, weights = _neighbours(self._store, vectors.ids)
            return Space(vectors.ids, vectors.rows, near, weights, None)
        path = self._store.derived(NAME)
        mark, saved, fitted = _load(path)
        if saved and mark == state:
            return saved
        if saved is None or abs(len(vectors.ids) - fitted) > DRIFT * fitted:
            saved, fitted = None, len(vectors.ids)
        space = _update(self._store, vectors, saved)
        with suppress(OSError):  # a full disk costs the next process time, and no answer
            _save(path, state, space, fitted)
        return space


def _update(store: Store, vectors: Vectors, saved: Space | None) -> Space:
    """Take over the points that are known, and make those of new photos."""
    made = saved.fit if saved and saved.fit else _fit(store, vectors.ids)
    points = np.zeros((len(vectors.ids), made.projection.shape[1]), np.float32)
    missing = []
    for row, id in enumerate(vectors.ids):
        known = saved.row(id) if saved else None
        if saved is None or known is None:
            missing.append((row, id))
        else:
            points[row] = saved.points[known]
    for rows_and_ids in _batches(missing):
        photos = store.get([id for _, id in rows_and_ids])
        there = [(row, photos[id]) for row, id in rows_and_ids if id in photos]
        if there:
            points[[row for row, _ in there]] = _points(made, [photo for _, photo in there])
    near, weights = _neighbours(store, vectors.ids)
    return Space(vectors.ids, points, near, weights, made)


def _fit(store: Store, ids: Sequence[str]) -> Fit:
    sample = ids[:: -(-len(ids) // MOST_TO_FIT)]
    photos = [
        photo for batch in _batches(sample) for _, photo in sorted(store.get(batch).items())
    ]
    return fit(np.stack([photo.vector for photo in photos]), [photo.labels for photo in photos])


def _points(made: Fit, photos: Sequence[Photo]) -> Matrix:
    return made.points(
        np.stack([photo.vector for photo in photos]), [photo.labels for photo in photos]
    )


def _neighbours(store: Store, ids: Sequence[str]) -> tuple[Rows, Matrix]:
    rows = {id: row for row, id in enumerate(ids)}
    near = np.full((len(ids), NEAR), -1, np.int32)
    cosines = np.zeros((len(ids), NEAR), np.float32)
    for id, listed in store.neighbours():
        if id in rows:
            _fill(near[rows[id]], cosines[rows[id]], listed, rows)
    return near, neighbour_weights(cosines)


def _fill(
    near: Rows, cosines: Matrix, listed: Iterable[Neighbour], rows: dict[str, int]
) -> None:
    present = [neighbour for neighbour in listed if neighbour.id in rows][:NEAR]
    near[: len(present)] = [rows[neighbour.id] for neighbour in present]
    cosines[: len(present)] = [neighbour.cosine for neighbour in present]


def _load(path: Path) -> tuple[str, Space | None, int]:
    found = read_arrays(path)
    if found is None:
        return "", None, 0
    arrays = found.arrays
    try:
        fitted = Fit(arrays["mean"], arrays["whitening"], arrays["projection"])
        ids = [id.decode() for id in arrays["ids"].tolist()]
        space = Space(ids, arrays["points"], arrays["near"], arrays["weights"], fitted)
        return found.state, space, int(arrays["fitted"][0])
    except KeyError:
        return "", None, 0


def _save(path: Path, state: str, space: Space, fitted: int) -> None:
    assert space.fit is not None
    arrays = {
        "ids": np.array([id.encode() for id in space.ids], np.bytes_),
        "points": space.points,
        "near": space.near,
        "weights": space.weights,
        "mean": space.fit.mean,
        "whitening": space.fit.whitening,
        "projection": space.fit.projection,
        "fitted": np.array([fitted]),
    }
    write_arrays(path, state, {name: [array] for name, array in arrays.items()})


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(items)
    while batch := list(islice(rest, BATCH)):
        yield batch
