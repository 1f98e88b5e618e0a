"""The numbers of vectors: rounded to float16 before they are stored, unit vectors when compared.

Half the bytes, the same answers: a number keeps 11 bits, and a cosine of a thousand of them changes
by some 1e-5. Whatever was stored, and wherever, is compared as the same unit vector: squares of
float16 numbers are exact in float32, and the sum of those of a unit vector is exact in float64 (49
bits), so that its length does not depend on the order in which it is added up.
"""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.records import Matrix

Halves = NDArray[np.float16]
"""float16, shape (d,) or (n, d): what is stored."""

MANY, AT_ONCE = 1 << 13, 1 << 16
"""Numbers that are looked up rather than converted, and how many at a time, so that their places
stay in the cache of a core."""


def to_halves(vectors: NDArray[np.floating[Any]]) -> Halves:
    """Return the numbers of unit vectors, (d,) or (n, d), as they are stored."""
    return vectors.astype(np.float16, copy=False)


def to_unit(halves: Halves) -> Matrix:
    """Return stored numbers, (d,) or (n, d), as float32 vectors of L2 norm 1; zeros stay zeros."""
    vectors = _widened(halves)
    lengths = np.sqrt(np.sum(vectors * vectors, axis=-1, dtype=np.float64, keepdims=True))
    vectors /= np.where(lengths > 0, lengths, 1).astype(np.float32)
    return vectors


def _widened(halves: Halves) -> Matrix:
    """Return float16 numbers as float32: many are looked up, in .3 of the time of converting."""
    if halves.size < MANY:
        return halves.astype(np.float32)
    numbers = np.ascontiguousarray(halves, np.float16).view(np.uint16).ravel()
    found = np.empty(numbers.shape, np.float32)
    for start in range(0, len(numbers), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        np.take(_all_numbers(), numbers[part], out=found[part], mode="clip")  # all are in range
    return found.reshape(halves.shape)


@lru_cache(maxsize=1)
def _all_numbers() -> NDArray[np.float32]:
    """Return what all bits of a float16 number stand for, shape (65536,)."""
    return np.arange(1 << 16).astype(np.uint16).view(np.float16).astype(np.float32)


def rounded(vectors: NDArray[np.floating[Any]]) -> Matrix:
    """Return unit vectors, (d,) or (n, d), as they will be read: float32, L2 norm 1."""
    return to_unit(to_halves(vectors))
