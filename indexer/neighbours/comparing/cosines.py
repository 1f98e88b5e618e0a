"""Cosines as they are stored: exact, rounded, and the same however two photos were compared.

Products in float32 only propose candidates, because their rounding depends on the shape of the
block. The cosines of the proposed pairs are computed again in float64, so that a pair has one
cosine, and a list that grew step by step equals one that was built at once.
"""

import numpy as np
from numpy.typing import NDArray

from indexer.records import Matrix, Vector

DECIMALS = 6
SLACK = 4e-6
"""How far apart float32 products of the wrong order may be: twice their own error (below 1e-6 for
unit vectors of a few thousand dimensions) and twice the rounding to 6 decimals."""

Numbers = NDArray[np.intp]
"""Positions, rows or other numbers that index an array."""


def cosines_of(query: Vector, rows: Matrix) -> NDArray[np.float64]:
    """Return the cosines of a unit vector (d,) and unit rows (n, d): float64, 6 decimals, <= 1."""
    return as_stored(rows.astype(np.float64) @ query.astype(np.float64))


def cosines_of_pairs(some: Matrix, others: Matrix) -> NDArray[np.float64]:
    """Return the cosine of each row with the same row of the other, (n, d), as `cosines_of`."""
    return as_stored(np.einsum("ij,ij->i", some.astype(np.float64), others.astype(np.float64)))


def best(
    query: Vector, rows: Matrix, positions: Numbers, count: int
) -> tuple[Numbers, NDArray[np.float64]]:
    """Return positions and cosines of the nearest rows, nearest first, ties by position.

    Args:
        query: float32, shape (d,), L2 norm 1.
        rows: float32, shape (n, d), rows of L2 norm 1.
        positions: of the rows, shape (n,), in any order.
        count: how many; fewer come back if there are fewer rows.
    """
    return best_by(rows @ query, query, rows, positions, count)


def best_by(
    products: Vector, query: Vector, rows: Matrix, positions: Numbers, count: int
) -> tuple[Numbers, NDArray[np.float64]]:
    """Do as `best`, given the products with the rows, shape (n,); -inf leaves a row out."""
    close = near_best(products, count)
    close = close[products[close] > -np.inf]
    cosines = cosines_of(query, rows[close])
    order = np.lexsort((positions[close], -cosines))[:count]
    return positions[close[order]], cosines[order]


def near_best(products: Vector, count: int) -> Numbers:
    """Return which of the products, shape (n,), may be among the `count` largest."""
    if count >= len(products):
        return np.arange(len(products))
    bar = np.partition(products, -count)[-count] - SLACK
    return np.flatnonzero(products >= bar)


def as_stored(products: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return cosines as they are stored: float64, 6 decimals, from -1 to 1."""
    # "+ 0.0" turns the -0.0 of rounding, which JSON would show, into 0.0
    return np.clip(np.round(products, DECIMALS), -1.0, 1.0) + 0.0
