"""Whole lists of a large library by its cells: what one costs hardly grows with the library.

The photos of a cell are compared together with those of the cells around it: one product for all.
"""

from collections.abc import Iterator

import numpy as np

from indexer.derived.vectors import Rows, Vectors
from indexer.neighbours.parts.base import Base
from indexer.neighbours.parts.cells import Cells
from indexer.neighbours.parts.cosines import Numbers
from indexer.neighbours.parts.lists import Lists, exact_lists, rank_together
from indexer.neighbours.parts.scanning import QUERIES, Scan, in_threads
from indexer.records import Matrix


def cell_lists(vectors: Vectors, positions: Numbers, count: int, base: Base, newer: Rows) -> Lists:
    """Return the nearest other photos of some, see `Index.lists`.

    Args:
        vectors, positions, count: as there.
        base: with cells; its rows are rows of `vectors`.
        newer: rows of photos that the base lacks.
    """
    cells = base.finder
    assert isinstance(cells, Cells)
    lists = Lists.empty(len(positions), count)
    wanted = base.candidates(count) + 1
    beside = base.projection.points(vectors.rows[newer])

    def work(numbers: Numbers) -> None:
        queries = base.projection.points(vectors.take(positions[numbers]))
        items, points = cells.around(queries, wanted)
        rows = np.concatenate([base.rows[items], newer])
        points = np.concatenate([points, beside])
        proposed = [rows[near] for near in Scan(points).best_of(queries, wanted)]
        proposed = [near[vectors.at[near] >= 0] for near in proposed]
        rank_together(vectors, positions[numbers], proposed, lists, numbers)

    in_threads(work, list(_groups(_cells_of(vectors, positions, base, cells))))
    short = np.flatnonzero(lists.near[:, -1] < 0)  # where nearly all photos around have left
    if len(short):
        whole = exact_lists(vectors, positions[short], count)
        lists.near[short], lists.millionths[short] = whole.near, whole.millionths
    return lists


def _cells_of(vectors: Vectors, positions: Numbers, base: Base, cells: Cells) -> Numbers:
    """The cell of each photo: that in which it lies or, where the base lacks it, the nearest."""
    of_rows = np.full(len(vectors.rows), -1)
    of_rows[base.rows[cells.items]] = np.repeat(
        np.arange(len(cells.centres)), np.diff(cells.starts)
    )
    found = of_rows[vectors.places[positions]]
    lacking = np.flatnonzero(found < 0)
    points: Matrix = base.projection.points(vectors.take(positions[lacking]))
    found[lacking] = np.argmax(points @ cells.centres.T, axis=1)
    return found


def _groups(cells: Numbers) -> Iterator[Numbers]:
    """The numbers of the photos of each cell, not too many at a time."""
    order = np.argsort(cells, kind="stable")
    starts = np.flatnonzero(np.diff(cells[order], prepend=-1))
    for numbers in np.split(order, starts[1:]):
        for start in range(0, len(numbers), QUERIES):
            yield numbers[start : start + QUERIES]
