"""Exact neighbours by brute force: a matrix product in blocks, then exact cosines.

The product in float32 only proposes: its rounding depends on the shape of the block. The cosines
of the proposed pairs are computed again in float64, so that a pair has one cosine however it came
to be compared, and a list that grew step by step equals one that was built at once.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.records import Matrix, Neighbour
from indexer.vectors import Vectors

DECIMALS = 6
SLACK = 4e-6
"""Width in which float32 products may be out of order: their own error (below 1e-6 for unit
vectors of a few thousand dimensions) twice, and the rounding to 6 decimals twice."""
_BLOCK_CELLS = 16_000_000
"""Cells of one block of products: 64 MB of float32."""


class ExactIndex:
    """Compares every query with every photo."""

    def __init__(self, vectors: Vectors) -> None:
        self._ids = np.array(vectors.ids, dtype=np.str_)
        self._rows = vectors.rows

    def nearest(self, queries: Matrix, count: int) -> list[tuple[Neighbour, ...]]:
        """See `Index.nearest`."""
        return [
            self._list(query, candidates, count)
            for query, candidates in self._candidates(queries, count)
        ]

    def neighbours_of(self, ids: Sequence[str], count: int) -> dict[str, tuple[Neighbour, ...]]:
        """See `Index.neighbours_of`."""
        positions = np.searchsorted(self._ids, np.array(ids, dtype=self._ids.dtype))
        found = self._candidates(self._rows[positions], count + 1)
        return {
            photo: self._list(query, candidates[candidates != position], count)
            for photo, position, (query, candidates) in zip(ids, positions, found, strict=True)
        }

    def _candidates(self, queries: Matrix, count: int) -> Iterator[tuple[Matrix, NDArray[np.intp]]]:
        """Yield each query with the positions that can be among its `count` nearest."""
        step = max(1, _BLOCK_CELLS // max(1, len(self._rows)))
        for start in range(0, len(queries), step):
            block = queries[start : start + step]
            for query, products in zip(block, block @ self._rows.T, strict=True):
                yield query, _near_best(products, count)

    def _list(
        self, query: Matrix, candidates: NDArray[np.intp], count: int
    ) -> tuple[Neighbour, ...]:
        cosines = cosines_of(query, self._rows[candidates])
        order = np.lexsort((candidates, -cosines))[:count]  # ids ascend with their positions
        return tuple(
            Neighbour(str(photo), float(cosine))
            for photo, cosine in zip(self._ids[candidates[order]], cosines[order], strict=True)
        )


def cosines_of(query: Matrix, rows: Matrix) -> NDArray[np.float64]:
    """Return the cosines of a unit vector (d,) and unit rows (n, d): float64, 6 decimals, <= 1."""
    products = rows.astype(np.float64) @ query.astype(np.float64)
    # "+ 0.0" turns the -0.0 of rounding into 0.0, which JSON would show
    return np.clip(np.round(products, DECIMALS), -1.0, 1.0) + 0.0


def _near_best(products: Matrix, count: int) -> NDArray[np.intp]:
    if count >= len(products):
        return np.arange(len(products))
    bar = np.partition(products, -count)[-count] - SLACK
    return np.flatnonzero(products >= bar)


def build(vectors: Vectors) -> ExactIndex:
    """Build the exact index; costs nothing."""
    return ExactIndex(vectors)
