"""Compare many points with all others, in blocks, on all cores.

A block of queries is multiplied with a tile of points at a time, small enough to stay in a core's
cache. Of each product only what reaches the query's bar is kept; the bar comes from a sample of
the points, so that nearly all of the work is the multiplication.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.neighbours.parts.cosines import SLACK, Numbers, near_best
from indexer.records import Matrix, Vector

QUERIES, TILE = 256, 4096
"""Rows of a block and of a tile: their products take 4 MB."""

SAMPLED = 16
"""One point in so many tells the bars, fewer in large libraries."""

MOST_SAMPLED = 32_768

FEW = 4
"""Queries that are compared with all points one by one."""

Use = Callable[[int, Numbers], None]


class Queries(Protocol):
    """A matrix, or what gives parts of one."""

    def __len__(self) -> int:
        """Return the number of rows."""

    def __getitem__(self, part: slice, /) -> Matrix:
        """Return some rows."""


@dataclass(frozen=True)
class Scan:
    """Points that are compared with queries.

    Attributes:
        points: float32, shape (n, k), rows of L2 norm 1.
        alive: rows that count, ascending; None for all.
    """

    points: Matrix
    alive: NDArray[np.int64] | None = None

    def propose(self, queries: Queries, count: int, use: Use) -> None:
        """Find for each query the rows that can be among its `count` nearest.

        Args:
            queries: float32, shape (m, k), of L2 norm 1; read a block at a time.
            count: how many are wanted; a few more are proposed, see `SLACK`.
            use: takes the number of a query and its rows; called in several threads.
        """

        if len(queries) <= FEW:
            for number, query in enumerate(queries[0:FEW]):
                use(number, self._of_all(query, count))
            return

        def work(start: int) -> None:
            block = queries[start : start + step]
            for number, rows in enumerate(self.best_of(block, count), start):
                use(number, rows)

        step = max(1, min(QUERIES, -(-len(queries) // cores())))
        in_threads(work, range(0, len(queries), step))

    def reaching(self, queries: Matrix, bars: Vector) -> tuple[Numbers, Numbers]:
        """Return queries and rows whose product reaches the bar of the row, in no order.

        Args:
            queries: float32, shape (m, k).
            bars: of the points, shape (n,); infinite where a row does not count.
        """
        found: list[tuple[Numbers, Numbers]] = []

        def work(start: int) -> None:
            tile, least = self.points[start : start + TILE], bars[start : start + TILE]
            for first in range(0, len(queries), QUERIES):
                numbers, rows = np.nonzero(queries[first : first + QUERIES] @ tile.T >= least)
                found.append((numbers + first, rows + start))

        in_threads(work, range(0, len(self.points), TILE))
        numbers, rows = zip(*found, strict=True)
        return np.concatenate(numbers), np.concatenate(rows)

    @cached_property
    def _dead(self) -> NDArray[np.bool_] | None:
        if self.alive is None:
            return None
        dead = np.ones(len(self.points), bool)
        dead[self.alive] = False
        return dead

    @cached_property
    def _sample(self) -> tuple[Matrix, int]:
        """Some points, and how many each stands for."""
        number = len(self.points) if self.alive is None else len(self.alive)
        step = max(SAMPLED, number // MOST_SAMPLED)
        rows = slice(0, number, step) if self.alive is None else self.alive[::step]
        return np.ascontiguousarray(self.points[rows]), step

    def best_of(self, block: Matrix, count: int) -> list[Numbers]:
        """As `propose`, of a block of queries: the rows for each."""
        bars = self._bars(block, count)
        rows, products, starts = self._above(block, bars)
        proposed = []
        for query, (start, end) in enumerate(pairwise(starts.tolist())):
            close = _all_of_best(products[start:end], count, bars[query])
            if close is None:  # the sample misled: look at all
                proposed.append(self._of_all(block[query], count))
            else:
                proposed.append(rows[start:end][close])
        return proposed

    def _bars(self, block: Matrix, count: int) -> Vector:
        """Products that `count` and some more points reach, as far as the sample can tell."""
        sample, step = self._sample
        share = count / step
        rank = int(share + 3 * share**0.5) + 2
        if rank >= len(sample):
            return np.full(len(block), -np.inf, np.float32)
        products = block @ sample.T
        bars: Vector = np.partition(products, -rank, axis=1)[:, -rank]
        return bars

    def _above(self, block: Matrix, bars: Vector) -> tuple[Numbers, Vector, Numbers]:
        """Rows above the bars and their products, query after query, and where each begins."""
        places, values = [], []
        products = np.empty((len(block), TILE), np.float32)
        for start in range(0, len(self.points), TILE):
            tile = self.points[start : start + TILE]
            part = products[:, : len(tile)] if len(tile) == TILE else None
            part = np.matmul(block, tile.T, out=part)
            found = np.flatnonzero(part >= bars[:, None])
            values.append(part.ravel()[found])
            query, row = np.divmod(found, len(tile))
            places.append(query * len(self.points) + row + start)
        query, row = np.divmod(np.concatenate(places), len(self.points))
        products = np.concatenate(values)
        if self._dead is not None:
            lives = ~self._dead[row]
            query, row, products = query[lives], row[lives], products[lives]
        order = np.argsort(query, kind="stable")
        starts = np.searchsorted(query[order], np.arange(len(block) + 1))
        return row[order], products[order], starts

    def _of_all(self, query: Vector, count: int) -> Numbers:
        products = self.points @ query
        if self._dead is not None:
            products[self._dead] = -np.inf
        rows = near_best(products, count)
        return rows if self._dead is None else rows[~self._dead[rows]]


def _all_of_best(products: Vector, count: int, bar: float) -> Numbers | None:
    """As `near_best`, of products of which all above a bar are at hand; None if that is too few."""
    if bar == -np.inf:
        return near_best(products, count)
    if len(products) < count or np.partition(products, -count)[-count] - SLACK < bar:
        return None
    return near_best(products, count)


def cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_threads(work: Callable[[Any], None], items: Any) -> None:
    """Call `work` with each item, on all cores, each with one thread of BLAS."""
    from threadpoolctl import threadpool_limits

    if len(items) == 1:
        work(items[0])
        return
    with threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(cores()) as pool:
        for _ in pool.map(work, items):
            pass
