"""Neighbour lists of a large library, group by group: what one costs hardly grows with the library.

The photos of a group are compared together with those of the groups around it: one product for all.
"""

from collections.abc import Iterator

import numpy as np

from indexer.neighbours.approximate.finder import PointGroups
from indexer.neighbours.approximate.view import View
from indexer.neighbours.comparing.cosines import Numbers
from indexer.neighbours.comparing.lists import Lists, exact_lists, rank_together
from indexer.neighbours.comparing.scanning import QUERIES, Scan, in_threads
from indexer.records import Matrix


def grouped_lists(view: View, groups: PointGroups, positions: Numbers, count: int) -> Lists:
    """Return the nearest other photos of some photos, as `Index.lists` does.

    Args:
        view: of all photos of the library.
        groups: those of the finder of the view's base.
        positions, count: as for `Index.lists`.
    """
    vectors, base = view.vectors, view.base
    lists = Lists.empty(len(positions), count)
    wanted = base.candidates(count) + 1
    newer, newer_points = view.newer, view.newer_points

    def work(numbers: Numbers) -> None:
        queries = base.projection.points(vectors.take(positions[numbers]))
        items, points = groups.around(queries, wanted)
        rows = np.concatenate([base.rows[items], newer])
        points = np.concatenate([points, newer_points])
        proposed = [rows[near] for near in Scan(points).best_of(queries, wanted)]
        proposed = [near[vectors.position_of[near] >= 0] for near in proposed]
        rank_together(vectors, positions[numbers], proposed, lists, numbers)

    in_threads(work, list(_together(_groups_of(view, groups, positions))))
    short = np.flatnonzero(lists.near[:, -1] < 0)  # nearly all photos around them have left
    if len(short):
        whole = exact_lists(vectors, positions[short], count)
        lists.near[short], lists.millionths[short] = whole.near, whole.millionths
    return lists


def _groups_of(view: View, groups: PointGroups, positions: Numbers) -> Numbers:
    """The group of each photo: the one in which it lies or, if it is newer, the nearest."""
    vectors, base = view.vectors, view.base
    of_rows = np.full(len(vectors.rows), -1)
    of_rows[base.rows] = groups.groups_of_points()
    found = of_rows[vectors.row_of[positions]]
    newer = np.flatnonzero(found < 0)
    points: Matrix = base.projection.points(vectors.take(positions[newer]))
    found[newer] = groups.nearest_groups(points)
    return found


def _together(groups: Numbers) -> Iterator[Numbers]:
    """The numbers of the photos of each group, not too many at a time."""
    order = np.argsort(groups, kind="stable")
    starts = np.flatnonzero(np.diff(groups[order], prepend=-1))
    for numbers in np.split(order, starts[1:]):
        for start in range(0, len(numbers), QUERIES):
            yield numbers[start : start + QUERIES]
