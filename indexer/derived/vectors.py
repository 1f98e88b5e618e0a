"""All vectors of a library, and where in them a photo is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from indexer.records import Matrix

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Vectors:
    """All vectors of a library: the photo of position i has the id `ids[i]`.

    Attributes:
        names: photo ids in UTF-8, ascending, shape (n,).
        rows: float32, shape (m, d), m >= n, rows of L2 norm 1; those of photos that left are still
            there, so use `take` or `places`.
        places: row of each position, shape (n,).
        file: name of the file of rows; in it a row is always that of the same vector.
    """

    names: NDArray[np.bytes_]
    rows: Matrix
    places: Rows
    file: str = ""

    @classmethod
    def of(cls, ids: Sequence[str], rows: Matrix) -> Self:
        """Return vectors in memory: `rows[i]` is that of `ids[i]`, ids in ascending order."""
        return cls(as_bytes(ids), rows, np.arange(len(ids)))

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Photo ids in ascending order, length n."""
        return tuple(name.decode() for name in self.names.tolist())

    @cached_property
    def at(self) -> Rows:
        """Position of each row, -1 where the photo left: shape (m,)."""
        at = np.full(len(self.rows), -1)
        at[self.places] = np.arange(len(self))
        return at

    def take(self, positions: NDArray[np.integer[Any]] | slice = slice(None)) -> Matrix:
        """Return the vectors of positions, all if none are given: float32, shape (m, d)."""
        rows: Matrix = self.rows[self.places[positions]]
        return rows

    def find(self, names: NDArray[np.bytes_]) -> Rows:
        """Return the position of each name, -1 where the library does not have it."""
        return find(self.names, names)

    def __len__(self) -> int:
        return len(self.names)


def find(names: NDArray[np.bytes_], wanted: NDArray[np.bytes_]) -> Rows:
    """Return the place of each of `wanted` in `names`, which ascend; -1 where it is not there."""
    if len(names) == 0:
        return np.full(len(wanted), -1)
    places = np.searchsorted(names, wanted).clip(max=len(names) - 1)
    return np.where(names[places] == wanted, places, -1)


def as_bytes(texts: Iterable[str]) -> NDArray[np.bytes_]:
    """Return texts in UTF-8, which sorts as Python's text does, by code point."""
    return np.array([text.encode() for text in texts], dtype=np.bytes_)
