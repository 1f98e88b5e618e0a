"""Rank photos by their labels: the best of a million without scoring a million.

A query of a hundred labels would read a tenth of all probabilities. So the large ones are added up
first, and all those of a few labels that outweigh the others; a photo has at most its rest, times
the weight of the heaviest other label, more than that. Photos that cannot reach the best ones even
so are out, and the others, a few hundred, are scored in full. This is the idea of Fagin, Lotem and
Naor 2003, "Optimal aggregation algorithms for middleware", in two steps; the ranking is the same as
if all photos were scored, to the last tie.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from indexer.imagenet.ancestors import spelled_out
from indexer.queries import Query
from indexer.stores.sqlite.labels.filtering import (
    Candidates,
    Facts,
    Test,
    left_by_facts,
    no_facts,
    rows_left,
    tests_of,
)
from indexer.stores.sqlite.labels.matrix import LabelMatrix, Rows, starts_of

FEW = 100_000
"""Adding up this many probabilities takes less time than choosing photos first."""

LOOSE = 2
"""The cost of scoring photos in full where all labels are read in part, in probabilities read for
each photo of the library; where the heaviest labels are read whole, it falls by the square of the
weight."""

SMALL = 0.1
"""Where the photos that filters leave have less than this share of a query's probabilities, reading
theirs takes less time than choosing photos first."""

SLACK = 2e-6
"""More than a score in float32 may differ from one in float64, relatively."""

CUT_OFF = 2**-8
"""What probabilities of ancestors may lose by being cut to 8 bits, relatively."""

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Scored:
    """Photos and their scores, 0 for those that are not hits.

    Attributes:
        ids: UTF-8, shape (n,).
        scores: float32, shape (n,).
        others: given a score above 0, returns how many photos of the matrix reach it that are not
            among these; None where none of the others is a hit.
    """

    ids: NDArray[np.bytes_]
    scores: Scores
    others: Callable[[float], int] | None = None

    def count(self, least: float) -> int:
        """Count the photos of the matrix of at least this score, which is above 0."""
        here = int(np.count_nonzero(self.scores >= np.float32(least)))
        return here + (self.others(least) if self.others else 0)

    def pairs(self) -> list[tuple[str, float]]:
        """Return (id, score) of each photo."""
        names = [id.decode() for id in self.ids.tolist()]
        return list(zip(names, self.scores.tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class _Single:
    """What a query says of single photos.

    Attributes:
        boosts, damping: rows and their numbers.
        gone: rows that are not hits.
        tests: what filters leave out.
    """

    boosts: tuple[Rows, Scores]
    damping: tuple[Rows, Scores]
    gone: Rows
    tests: Sequence[Test]

    @classmethod
    def of(cls, query: Query, matrix: LabelMatrix, gone: Rows, facts: Facts = no_facts) -> Self:
        tests = tests_of(query.filters, matrix, facts)
        return cls(matrix.find(query.boosts), matrix.find(query.damping), gone, tests)


def score(matrix: LabelMatrix, query: Query, gone: Rows, facts: Facts = no_facts) -> Scored:
    """Score photos: all, or some that the slice of the query is among.

    Args:
        matrix: the photos.
        query: what to rank by.
        gone: rows that are not hits.
        facts: what filters ask.
    """
    single = _Single.of(query, matrix, gone, facts)
    if not query.weights and not query.ancestors:
        return _score_some(matrix, query, single, np.unique(single.boosts[0]))
    left = left_by_facts(query.filters, matrix, facts)
    share = 1.0 if left is None else _share(left, matrix, query)
    found = None if share < SMALL else _score_best(matrix, query, single)
    if found is None and left is not None and share < 1:
        return _score_some(matrix, query, single, np.flatnonzero(left))
    return found or Scored(matrix.ids, _score(query, Candidates.all_of(matrix), single))


def score_hits(matrix: LabelMatrix, query: Query, gone: Rows, facts: Facts) -> tuple[Rows, Scores]:
    """Return the rows of all hits, and their scores.

    Args: those of `score`.
    """
    if query.everything:
        rows = rows_left(matrix, query.filters, gone, facts)
        return rows, np.zeros(len(rows), np.float32)
    single = _Single.of(query, matrix, gone, facts)
    scores = _score(query, Candidates.all_of(matrix), single)
    rows = np.flatnonzero(scores > 0)
    return rows, scores[rows]


def best(parts: Sequence[Scored], limit: int, offset: int) -> list[tuple[str, float]]:
    """Return (id, score) of the hits `offset` to `offset + limit` of the ranking.

    Hits have a score above 0; the highest score comes first, ties by id.
    """
    hits = np.concatenate([part.scores[part.scores > 0] for part in parts])
    end = min(offset + limit, len(hits))
    if limit == 0 or end == 0:
        return []
    # Everything that reaches the score of the last hit: its ties are broken by id, below.
    least = np.partition(hits, -end)[-end]
    kept = [np.flatnonzero(part.scores >= least) for part in parts]
    ids = np.concatenate([part.ids[rows] for part, rows in zip(parts, kept, strict=True)])
    scores = np.concatenate([part.scores[rows] for part, rows in zip(parts, kept, strict=True)])
    order = np.lexsort((ids, -scores))[offset:end]
    return Scored(ids[order], scores[order]).pairs()


def _score(query: Query, candidates: Candidates, single: _Single) -> Scores:
    """Return scores, 0 for what is not a hit.

    Lucene casts to float32 after each of its layers (BooleanQuery sums labels and boosts,
    function_score damps), hence the two casts here: ties must be the same ties.
    """
    sums = candidates.sum_up(query.weights, query.ancestors)
    positions, here = candidates.locate(single.boosts[0])
    sums[positions] += single.boosts[1][here]
    scores = sums.astype(np.float32)
    positions, here = candidates.locate(single.damping[0])
    scores[positions] = scores[positions].astype(np.float64) * single.damping[1][here]
    positions, _ = candidates.locate(single.gone)
    scores[positions] = 0
    for test in single.tests:
        scores[test(candidates)] = 0
    return scores


def _share(left: NDArray[np.bool_], matrix: LabelMatrix, query: Query) -> float:
    """Return how many probabilities some photos have, for each that the labels of a query have."""
    _, heads, tails = matrix.sizes_of(spelled_out(query.weights, query.ancestors))
    mean = len(matrix.photo_columns) / max(len(left), 1)
    return float(np.count_nonzero(left) * mean / max(heads.sum() + tails.sum(), 1))


def _score_best(matrix: LabelMatrix, query: Query, single: _Single) -> Scored | None:
    """Score every photo that can be in the slice of the query; None where that saves nothing.

    All labels under an ancestor add up to what it has or a little more: enough to choose by.
    """
    weights = spelled_out(query.weights, query.ancestors)
    _, heads, tails = matrix.sizes_of(weights)
    size, end = heads.sum() + tails.sum(), query.offset + query.limit
    if size < FEW:
        return None
    cut = _cut(matrix, weights)
    by_labels = replace(query, weights=weights, ancestors={})
    least = _score(by_labels, Candidates.all_of(matrix, cut), single)
    bar = _reached(least, end)
    if bar is None:
        return None
    slack = SLACK + CUT_OFF if query.ancestors else SLACK
    most = least + cut * matrix.rests
    rows = np.flatnonzero(most >= bar * (1 - slack - SLACK))
    if len(rows) * len(matrix.photo_columns) > size * len(matrix.ids):
        return None
    scored = _score_some(matrix, query, single, rows)

    # Fewer may reach the bar where a filter leaves out photos by their small probabilities, or
    # where an ancestor is too improbable to be kept.
    enough = np.count_nonzero(scored.scores >= bar * (1 - slack)) >= end
    if not enough:
        return None

    def others(score: float) -> int:
        every = Scored(matrix.ids, _score(query, Candidates.all_of(matrix), single))
        return every.count(score) - scored.count(score)

    return replace(scored, others=others)


def _cut(matrix: LabelMatrix, weights: Mapping[str, float]) -> float:
    """Return the weight up to which labels are read in part; heavier ones are read whole.

    The lower it is, the more is read; the higher, the more photos can still be among the best.
    """
    by, heads, tails = matrix.sizes_of(weights)
    cuts = np.append(by, np.float32(0))
    reads = heads.sum() + starts_of(tails)
    costs = reads * cuts[0] ** 2 + LOOSE * len(matrix.ids) * cuts**2
    return float(cuts[np.argmin(costs)])


def _reached(scores: Scores, count: int) -> np.float32 | None:
    """Return the score that the best `count` hits reach; None where there are fewer hits."""
    for share in (0.75, 0.5, 0.0):  # picking a few out of a million numbers is far cheaper
        hits = scores[scores > share * scores.max()]
        if 0 < count <= len(hits):
            bar: np.float32 = np.partition(hits, -count)[-count]
            return bar
    return None


def _score_some(matrix: LabelMatrix, query: Query, single: _Single, rows: Rows) -> Scored:
    """Score some photos, whose rows ascend."""
    if len(rows) == 0:
        return Scored(matrix.ids[:0], np.zeros(0, np.float32))
    return Scored(matrix.ids[rows], _score(query, Candidates.some_of(matrix, rows), single))
