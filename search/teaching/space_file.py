"""Keeps the teaching space of a store: built when first needed, updated when photos change."""

import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.batches import batched
from indexer.derived.array_file import read_arrays, write_arrays
from indexer.derived.vectors import find
from indexer.neighbours.cells import Cells
from indexer.records import StoreInfo
from indexer.stores import Store
from search.teaching.space import NEAR, Fit, Space, neighbour_weights
from search.teaching.space_building import (
    BATCH,
    Ids,
    build,
    fit_on,
    nearest_rows,
    points_among,
    texts,
)

FEWEST_TO_FIT = 2000
"""With fewer photos a fitted space is no better than vectors and labels (docs/teaching.md)."""

FEWEST_TO_INDEX = 20_000
"""With fewer photos all points are compared, which takes 2 ms."""

LOOKED = 96
"""Cells that are searched: at 100,000 photos they hold ten times those that are asked for."""

DRIFT = 0.2
"""A space is fitted again when the library has grown or shrunk by more than this share."""

MOST_NEW, NEW_SHARE = 200, 0.02
"""So many photos, and this share of all, may be added or removed before the points are sorted
again."""

NAME, INDEX = "teaching", "cells_"
"""Name of the file, and beginning of the names of the index's arrays in it."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A space as the file holds it.

    Attributes:
        state: of the store that it mirrors.
        space: without photos that were added later.
        fitted: number of photos when it was fitted.
        previews: how many of them were described by previews then.
    """

    state: str
    space: Space
    fitted: int
    previews: int = 0


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
        """Return the space; new photos are added with the old fit until it is fitted again.

        Raises:
            NotFound: there is no store.
        """
        with self._lock:
            state = self._store.photos.state()
            if state != self._state:
                self._space = self._read(state)
                self._state = state
            return self._space

    def _read(self, state: str) -> Space:
        ids = self._store.photos.vectors().names
        if len(ids) < FEWEST_TO_FIT:
            return build(self._store, ids, None)
        if self._saved is None or self._is_old(self._saved, ids, state):
            # Another process may have renewed it.
            self._saved = _load(self._store.derived(NAME), self._store.identity.info())
        saved = self._saved
        if saved is None or self._is_old(saved, ids, state):
            return self._renew(state, ids, saved)
        return saved.space if saved.state == state else _update(self._store, saved, ids)

    def _is_old(self, saved: Saved, ids: Ids, state: str) -> bool:
        """Tell whether much has come or gone since, or no photo is described by a preview now."""
        if _is_far(saved, ids, state):
            return True
        return saved.previews > 0 and not self._store.photos.previews()

    def _renew(self, state: str, ids: Ids, old: Saved | None) -> Space:
        """Build the file again, with the old fit if that still holds."""
        if old and (
            abs(len(ids) - old.fitted) > DRIFT * old.fitted
            or not _is_kin(old.state, state)
            or old.previews
        ):
            old = None
        made = old.space.fit if old else fit_on(self._store, ids)
        space = build(self._store, ids, made)
        if len(ids) >= FEWEST_TO_INDEX:
            space = _indexed(space, Cells.build(space.points).looking(LOOKED))
        previews = len(self._store.photos.previews())
        self._saved = Saved(state, space, old.fitted if old else len(ids), previews)
        path = self._store.derived(NAME)
        with suppress(OSError):  # a full disk costs the next process time, but no answer
            _save(path, self._saved)
            written = _load(path, space.network)
            if written is not None and written.state == state:
                self._saved = written  # memory-mapped instead of in memory
        return self._saved.space


def prepare(store: Store) -> None:
    """Build the space where the first search for a taught word would wait long for it."""
    if store.photos.count() >= FEWEST_TO_INDEX:
        SpaceKeeper(store).current()


def _difference(ids: Ids, before: Ids) -> tuple[Ids, NDArray[np.int64]]:
    """Ids that were added, and the rows of those that were removed; both in ascending order."""
    if np.array_equal(ids, before):
        return ids[:0], np.zeros(0, np.int64)
    return ids[find(before, ids) < 0], np.flatnonzero(find(ids, before) < 0)


def _is_kin(state: str, other: str) -> bool:
    """Whether two states have photos that the same network described."""
    return state.rpartition(":")[0] == other.rpartition(":")[0]


def _is_far(saved: Saved, ids: Ids, state: str) -> bool:
    if not _is_kin(saved.state, state):
        return True
    come, gone = _difference(ids, saved.space.ids)
    return len(come) + len(gone) > MOST_NEW + NEW_SHARE * saved.fitted


def _update(store: Store, saved: Saved, ids: Ids) -> Space:
    """Put the few added photos beside the others, and read lists that changed."""
    old = saved.space
    come, gone = _difference(ids, old.ids)
    photos = dict(sorted(store.photos.get(texts(come)).items()))
    more = {id: len(old.ids) + number for number, id in enumerate(photos)}
    extra = np.zeros((0, old.points.shape[1]), np.float32)
    if photos:
        extra = points_among(old.fit, list(photos.values()))
    empty = len(more), NEAR
    near = np.concatenate([old.near, np.full(empty, -1, np.int32)])
    weights = np.concatenate([old.weights, np.zeros(empty, np.float32)])
    left = frozenset(gone.tolist())
    space = replace(old, near=near, weights=weights, more=more, extra=extra, gone=left)
    for part in batched(store.lists.read(saved.state), BATCH):
        rows = space.rows([id for id, _ in part])
        nearest, cosines = nearest_rows([listed for _, listed in part], space.rows)
        near[rows[rows >= 0]] = nearest[rows >= 0]
        weights[rows[rows >= 0]] = neighbour_weights(cosines)[rows >= 0]
    return space


def _indexed(space: Space, cells: Cells) -> Space:
    """Use the points in the order of their cells, with the position of each."""
    positions = np.empty(len(cells.items), np.int32)
    positions[cells.items] = np.arange(len(positions))
    return replace(space, points=cells.points, positions=positions, index=cells)


def _load(path: Path, network: StoreInfo | None) -> Saved | None:
    found = read_arrays(path)
    if found is None:
        return None
    arrays = found.arrays
    try:
        fitted = Fit(arrays["mean"], arrays["whitening"], arrays["projection"])
        parts = {name.removeprefix(INDEX): array for name, array in arrays.items()}
        points, near, weights = parts["points"], arrays["near"], arrays["weights"]
        space = Space(arrays["ids"], points, near, weights, fitted, network=network)
        if INDEX + "points" in arrays:
            space = _indexed(space, Cells.load(parts, path))
        number, previews = arrays["fitted"].tolist()
        return Saved(found.state, space, number, previews)
    except (KeyError, OSError, ValueError):  # an earlier Magpie's, perhaps
        return None


def _save(path: Path, saved: Saved) -> None:
    space = saved.space
    assert space.fit is not None
    arrays = {
        "ids": space.ids,
        "near": space.near,
        "weights": space.weights,
        "mean": space.fit.mean,
        "whitening": space.fit.whitening,
        "projection": space.fit.projection,
        "fitted": np.array([saved.fitted, saved.previews]),
    }
    if isinstance(space.index, Cells):
        arrays |= {INDEX + name: array for name, array in space.index.arrays(path).items()}
    else:
        arrays["points"] = space.points
    write_arrays(path, saved.state, {name: [array] for name, array in arrays.items()})
