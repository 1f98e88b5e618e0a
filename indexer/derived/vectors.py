"""All vectors of a library, and which of them belongs to which photo."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from indexer.records import Matrix

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Vectors:
    """All vectors of a library: the photo at position i has the id `ids[i]`.

    Attributes:
        names: photo ids in UTF-8, ascending, shape (n,).
        rows: float32, shape (m, d), m >= n, rows of L2 norm 1; those of photos that left may still
            be there, so use `take` or `row_of`. It is a matrix, or something that reads rows like
            one: part of it by `[]`, of which copies come back, and `@`, `len` and `shape`.
        row_of: row of each position, shape (n,).
        file: name of the rows, under which a row never gets another vector.
    """

    names: NDArray[np.bytes_]
    rows: Matrix
    row_of: Rows
    file: str = ""

    @classmethod
    def of(cls, ids: Sequence[str], rows: Matrix) -> Self:
        """Return vectors in memory: `rows[i]` belongs to `ids[i]`, ids in ascending order."""
        return cls(as_bytes(ids), rows, np.arange(len(ids)))

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Photo ids in ascending order, length n."""
        return tuple(name.decode() for name in self.names.tolist())

    @cached_property
    def position_of(self) -> Rows:
        """Position of each row, -1 if its photo left: shape (m,)."""
        positions = np.full(len(self.rows), -1)
        positions[self.row_of] = np.arange(len(self))
        return positions

    def take(self, positions: NDArray[np.integer[Any]] | slice = slice(None)) -> Matrix:
        """Return the vectors at some positions, by default all: float32, shape (m, d)."""
        rows: Matrix = self.rows[self.row_of[positions]]
        return rows

    def find(self, names: NDArray[np.bytes_]) -> Rows:
        """Return the position of each name, -1 if the library does not have it."""
        return find(self.names, names)

    def __len__(self) -> int:
        return len(self.names)


def find(names: NDArray[np.bytes_], wanted: NDArray[np.bytes_]) -> Rows:
    """Return the position of each of `wanted` in `names`, which ascend; -1 if it is not there."""
    if len(names) == 0:
        return np.full(len(wanted), -1)
    positions = np.searchsorted(names, wanted).clip(max=len(names) - 1)
    return np.where(names[positions] == wanted, positions, -1)


def as_bytes(texts: Iterable[str]) -> NDArray[np.bytes_]:
    """Return texts in UTF-8, which sorts by code point as Python's text does."""
    return np.array([text.encode() for text in texts], dtype=np.bytes_)


def merged(
    names: NDArray[np.bytes_], rows: Rows, new: Mapping[str, int], removed: Iterable[str]
) -> tuple[NDArray[np.bytes_], Rows]:
    """Return all ids in order, and the row of each, after photos left and came.

    Args:
        names, rows: ids before, ascending, and the row of each.
        new: id -> row of photos that came or got another row.
        removed: ids of photos that left before these came; unknown ones are ignored.
    """
    fresh = as_bytes(sorted(new))
    gone = find(names, np.concatenate([as_bytes([*removed]), fresh]))
    stays = np.ones(len(names), bool)
    stays[gone[gone >= 0]] = False
    names, rows = names[stays], rows[stays]
    # np.insert would truncate longer ids
    names = names.astype(np.promote_types(names.dtype, fresh.dtype))
    positions = np.searchsorted(names, fresh)
    numbers = np.array([new[id] for id in sorted(new)], np.int64)
    return np.insert(names, positions, fresh), np.insert(rows, positions, numbers)
