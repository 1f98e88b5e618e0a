"""Neighbour lists of many photos as arrays: what is stored with photos, in a compact form."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from indexer.derived.vectors import Vectors
from indexer.neighbours.comparing.cosines import DECIMALS, Numbers, best, best_by
from indexer.neighbours.comparing.scanning import Scan
from indexer.records import Matrix, Neighbour

UNIT = 10**DECIMALS


@dataclass(frozen=True, slots=True)
class Lists:
    """One list in each row, nearest first, ties by position.

    Attributes:
        near: int32, shape (m, k): positions in `Vectors`; -1 after the last neighbour.
        millionths: int32, shape (m, k): cosines times a million, which is exact.
    """

    near: NDArray[np.int32]
    millionths: NDArray[np.int32]

    @classmethod
    def empty(cls, number: int, count: int) -> Self:
        """Return lists without any neighbour."""
        return cls(np.full((number, count), -1, np.int32), np.zeros((number, count), np.int32))

    def put(self, row: int, near: Numbers, cosines: NDArray[np.float64]) -> None:
        """Write one list."""
        self.near[row, : len(near)] = near
        self.millionths[row, : len(near)] = np.round(cosines * UNIT)

    def neighbours(self, ids: Sequence[str]) -> Iterator[tuple[Neighbour, ...]]:
        """Yield each list as it is stored; `ids` are those of the positions."""
        all_cosines = (self.millionths / UNIT).tolist()
        for near, cosines in zip(self.near.tolist(), all_cosines, strict=True):
            # All -1 come last, so the cosines still belong to the ids beside them.
            yield tuple(
                map(Neighbour, [ids[position] for position in near if position >= 0], cosines)
            )


@dataclass(frozen=True, slots=True)
class _Taken:
    """The vectors of some positions, read a block at a time."""

    vectors: Vectors
    positions: Numbers

    def __len__(self) -> int:
        return len(self.positions)

    def __getitem__(self, part: slice) -> Matrix:
        return self.vectors.take(self.positions[part])


def exact_lists(vectors: Vectors, positions: Numbers, count: int) -> Lists:
    """Return the nearest other photos of some photos, compared with all.

    Args:
        vectors: of the library.
        positions: of the photos, shape (m,).
        count: length of the lists, at most the number of other photos.
    """
    lists = Lists.empty(len(positions), count)

    def use(number: int, rows: Numbers) -> None:
        _rank(vectors, positions[number], rows, lists, number)

    Scan(vectors.rows, vectors.row_of).propose(_Taken(vectors, positions), count + 1, use)
    return lists


def projected_lists(
    vectors: Vectors, positions: Numbers, count: int, points: Matrix, candidates: int
) -> Lists:
    """Do as `exact_lists`, but only among the candidates whose points are nearest.

    Args:
        vectors, positions, count: as there.
        points: float32, shape (n, k), by position, rows of L2 norm 1.
        candidates: how many of the nearest points are compared in full.
    """
    lists = Lists.empty(len(positions), count)

    def use(number: int, near: Numbers) -> None:
        _rank(vectors, positions[number], vectors.row_of[near], lists, number)

    Scan(points).propose(points[positions], max(candidates, count) + 1, use)
    return lists


def _rank(vectors: Vectors, own: int, rows: Numbers, lists: Lists, number: int) -> None:
    others = np.sort(rows[rows != vectors.row_of[own]])
    query = vectors.rows[vectors.row_of[own]]
    positions = vectors.position_of[others]
    found = best(query, vectors.rows[others], positions, lists.near.shape[1])
    lists.put(number, *found)


def rank_together(
    vectors: Vectors, own: Numbers, proposed: Sequence[Numbers], lists: Lists, numbers: Numbers
) -> None:
    """Write the lists of photos that look alike, each chosen from the rows proposed for all.

    Rows that were proposed for many of them are read once, and one product compares them all.

    Args:
        vectors: of the library.
        own: positions of the photos, shape (m,).
        proposed: rows proposed for each photo; lists stay shorter if all together are too few.
        lists: to write into.
        numbers: rows of `lists`, shape (m,).
    """
    rows = np.unique(np.concatenate(proposed))
    positions, block, queries = vectors.position_of[rows], vectors.rows[rows], vectors.take(own)
    products = queries @ block.T
    products[positions == own[:, None]] = -np.inf
    count = lists.near.shape[1]
    for number, query, product in zip(numbers.tolist(), queries, products, strict=True):
        lists.put(number, *best_by(product, query, block, positions, count))
