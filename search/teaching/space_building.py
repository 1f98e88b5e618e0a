"""Makes the points of a store's photos, and reads their neighbours."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.batches import batched
from indexer.derived.vectors import as_bytes, find
from indexer.records import Matrix, Neighbour, Photo
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

MOST_TO_FIT = 5000
"""Photos that a space is fitted on, evenly spread over the ids, which are random."""

BATCH = 500

Ids = NDArray[np.bytes_]
"""Photo ids in UTF-8, ascending."""


def build(store: Store, ids: Ids, made: Fit | None) -> Space:
    """Read all photos once: their points and the lists of their neighbours."""
    near = np.full((len(ids), NEAR), -1, np.int32)
    cosines = np.zeros((len(ids), NEAR), np.float32)
    points = np.zeros((len(ids), width_of(made, store.photos.vectors().rows)), np.float32)

    def rows_of(some: Sequence[str]) -> NDArray[np.int64]:
        return find(ids, as_bytes(some))

    for scanned in batched(store.photos.scan(), BATCH):
        there = rows_of([photo.id for photo in scanned])
        photos = [photo for photo, row in zip(scanned, there.tolist(), strict=True) if row >= 0]
        rows = there[there >= 0]
        if photos:
            points[rows] = points_among(made, photos)
            near[rows], cosines[rows] = nearest_rows([one.neighbours for one in photos], rows_of)
    return Space(ids, points, near, neighbour_weights(cosines), made, network=store.identity.info())


def fit_on(store: Store, ids: Ids) -> Fit:
    """Fit a space on some photos of a store."""
    sample = texts(ids[:: -(-len(ids) // MOST_TO_FIT)])
    photos = [
        photo
        for batch in batched(sample, BATCH)
        for _, photo in sorted(store.photos.get(batch).items())
    ]
    return fit(np.stack([photo.vector for photo in photos]), [photo.labels for photo in photos])


def points_among(made: Fit | None, photos: Sequence[Photo]) -> Matrix:
    """Return the points of photos, see `points_of`."""
    vectors = np.stack([photo.vector for photo in photos])
    return points_of(made, vectors, [photo.labels for photo in photos])


def nearest_rows(
    lists: Sequence[Sequence[Neighbour]], rows_of: Callable[[Sequence[str]], NDArray[np.int64]]
) -> tuple[Rows, Matrix]:
    """Return rows and cosines of the nearest photos of each list that the library has.

    Args:
        lists: nearest first.
        rows_of: returns the rows of photos, -1 for those that the library does not have.

    Returns:
        both of shape (len(lists), 20), -1 and 0 where lists are shorter.
    """
    near = np.full((len(lists), NEAR), -1, np.int32)
    cosines = np.zeros((len(lists), NEAR), np.float32)
    flat = [one for listed in lists for one in listed]
    rows = rows_of([one.id for one in flat])
    owners = np.repeat(np.arange(len(lists)), [len(listed) for listed in lists])[rows >= 0]
    columns = np.arange(len(owners)) - np.searchsorted(owners, owners)
    kept = columns < NEAR
    near[owners[kept], columns[kept]] = rows[rows >= 0][kept]
    found = np.array([one.cosine for one in flat], np.float32)[rows >= 0]
    cosines[owners[kept], columns[kept]] = found[kept]
    return near, cosines


def texts(ids: Ids) -> list[str]:
    """Return ids as text."""
    return [id.decode() for id in ids.tolist()]
