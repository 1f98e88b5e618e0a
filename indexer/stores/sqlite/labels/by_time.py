"""Hits in order of time."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.kinds import Order
from indexer.queries import Query, TimeKey
from indexer.stores.sqlite.labels.filtering import Facts
from indexer.stores.sqlite.labels.matrix import LabelMatrix, Rows
from indexer.stores.sqlite.labels.scoring import Scored, score_hits


@dataclass(frozen=True, slots=True)
class Timed:
    """Hits, their scores and when they were taken.

    Attributes:
        scored: ids and scores.
        taken: int64, shape (n,): milliseconds since 1970.
    """

    scored: Scored
    taken: NDArray[np.int64]

    def some(self, rows: Rows) -> "Timed":
        """Return those of some rows, in their order."""
        return Timed(Scored(self.scored.ids[rows], self.scored.scores[rows]), self.taken[rows])


def score_by_time(
    matrix: LabelMatrix, query: Query, gone: Rows, facts: Facts, after: TimeKey | None = None
) -> Timed:
    """Score all hits, or list all photos; with the times that they were taken.

    Args: those of `score`, and the key that the hits come after, if any.
    """
    rows, scores = score_hits(matrix, query, gone, facts)
    taken = facts().taken(rows)
    if after:
        time, id = after
        left = taken < time if query.order == Order.NEWEST else taken > time
        ties = np.flatnonzero(taken == time)
        left[ties] = matrix.ids[rows[ties]] > id.encode()
        rows, scores, taken = rows[left], scores[left], taken[left]
    return Timed(Scored(matrix.ids[rows], scores), taken)


def first_or_last(parts: Sequence[Timed], query: Query) -> Timed:
    """Return a slice of hits, newest or oldest first, ties by id."""
    taken = np.concatenate([part.taken for part in parts])
    times = ~taken if query.order == Order.NEWEST else taken  # -taken would overflow
    end = min(query.offset + query.limit, len(times))
    if query.limit == 0 or end == 0:
        return parts[0].some(np.zeros(0, np.intp))
    kept = np.flatnonzero(times <= np.partition(times, end - 1)[end - 1])
    ids = np.concatenate([part.scored.ids for part in parts])[kept]
    scores = np.concatenate([part.scored.scores for part in parts])[kept]
    order = np.lexsort((ids, times[kept]))[query.offset : end]
    return Timed(Scored(ids, scores), taken[kept]).some(order)
