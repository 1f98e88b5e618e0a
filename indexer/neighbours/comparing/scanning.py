"""Compare many points with all others, in blocks, on all cores.

A block of queries is multiplied by one tile of points at a time, small enough to stay in a core's
cache. Only products that reach their query's bar are kept. The bar comes from a sample of the
points, so that nearly all of the work is the multiplication.
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

from indexer.neighbours.comparing.cosines import SLACK, Numbers, near_best
from indexer.records import Matrix, Vector

QUERIES, TILE = 256, 4096
"""Rows of a block and of a tile; their products take 4 MB."""

SAMPLED = 16
"""One point in this many sets the bars; fewer in large libraries."""

MOST_SAMPLED = 32_768

FEW = 4
"""This many queries, or fewer, are compared with all points one by one."""

Use = Callable[[int, Numbers], None]
"""Takes the number of a query and the rows proposed for it."""


class Queries(Protocol):
    """A matrix, or something that returns parts of one."""

    def __len__(self) -> int:
        """Return the number of rows."""

    def __getitem__(self, part: slice, /) -> Matrix:
        """Return a block of rows."""


@dataclass(frozen=True)
class Scan:
    """Points to compare with queries.

    Attributes:
        points: float32, shape (n, k), rows of L2 norm 1.
        alive: rows that count, ascending; None = all.
    """

    points: Matrix
    alive: NDArray[np.int64] | None = None

    def propose(self, queries: Queries, count: int, use: Use) -> None:
        """Find for each query the rows that may be among its `count` nearest.

        Args:
            queries: float32, shape (m, k), rows of L2 norm 1; read a block at a time.
            count: how many are wanted; a few more are proposed, see `SLACK`.
            use: called from several threads.
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
        """Return queries and rows whose product reaches the row's bar, in no order.

        Args:
            queries: float32, shape (m, k).
            bars: of the rows, shape (n,); infinity leaves a row out.
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
        """Some of the points, and how many points each stands for."""
        number = len(self.points) if self.alive is None else len(self.alive)
        step = max(SAMPLED, number // MOST_SAMPLED)
        rows = slice(0, number, step) if self.alive is None else self.alive[::step]
        return np.ascontiguousarray(self.points[rows]), step

    def best_of(self, block: Matrix, count: int) -> list[Numbers]:
        """Return what `propose` finds for each query of one block."""
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
        """For each query a product that, by the sample, a few more than `count` points reach."""
        sample, step = self._sample
        share = count / step
        rank = int(share + 3 * share**0.5) + 2
        if rank >= len(sample):
            return np.full(len(block), -np.inf, np.float32)
        products = block @ sample.T
        bars: Vector = np.partition(products, -rank, axis=1)[:, -rank]
        return bars

    def _above(self, block: Matrix, bars: Vector) -> tuple[Numbers, Vector, Numbers]:
        """Rows above the bars and their products, query by query, and where each query begins."""
        pairs, values = [], []
        products = np.empty((len(block), TILE), np.float32)
        for start in range(0, len(self.points), TILE):
            tile = self.points[start : start + TILE]
            part = products[:, : len(tile)] if len(tile) == TILE else None
            part = np.matmul(block, tile.T, out=part)
            found = np.flatnonzero(part >= bars[:, None])
            values.append(part.ravel()[found])
            query, row = np.divmod(found, len(tile))
            pairs.append(query * len(self.points) + row + start)
        query, row = np.divmod(np.concatenate(pairs), len(self.points))
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
    """Do as `near_best`, given all products above a bar; None if these are too few to tell."""
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
    """Call `work` with each item on all cores; BLAS gets one thread for each call."""
    from threadpoolctl import threadpool_limits

    if len(items) == 1:
        work(items[0])
        return
    with threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(cores()) as pool:
        for _ in pool.map(work, items):
            pass
