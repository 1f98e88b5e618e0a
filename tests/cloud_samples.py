"""Libraries of synthetic vectors for the neighbour indexes."""

from collections.abc import Sequence

import numpy as np

from indexer.records import Matrix, Photo, StoreInfo
from indexer.stores import Store

DIMENSIONS = 24
INFO = StoreInfo("test", "0" * 64, DIMENSIONS)


def clouds(count: int, seed: int = 0) -> Matrix:
    """Unit vectors around thirty centres, the same centres for any seed."""
    centres = np.random.default_rng(0).standard_normal((30, DIMENSIONS))
    chance = np.random.default_rng(seed)
    rows = centres[chance.integers(0, 30, count)]
    rows = rows + 0.7 * chance.standard_normal(rows.shape)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def photos(rows: Matrix, ids: Sequence[str]) -> list[Photo]:
    return [
        Photo(
            id=id, paths=(f"/{id}.jpg",), width=1, height=1, bytes=1, format="jpeg",
            colour="#000000", modified="2024-05-01T12:00:00.000Z", captured=None, camera=None,
            labels=(), vector=row, model="test",
        )
        for id, row in zip(ids, rows, strict=True)
    ]  # fmt: skip


def by_hand(store: Store, query: np.ndarray) -> list[tuple[float, str]]:
    """All photos, nearest first, by a plain computation in float64."""
    found = [
        (-round(float(np.dot(photo.vector.astype(float), query.astype(float))), 6), photo.id)
        for photo in store.photos.scan()
    ]
    return sorted(found)
