"""Which photos the filters of a query leave out, tested on columns in memory."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any, assert_never

import numpy as np
from numpy.typing import NDArray

from indexer.filters import ExcludedLabels, ExcludedPhotos, Filter, Forbidden, Required
from indexer.imagenet.ancestors import LEAST, SMALLEST, as_stored, labels_under
from indexer.stores.sqlite.facts.matching import MatrixFacts
from indexer.stores.sqlite.labels.matrix import LabelMatrix, Rows, Sums

Truths = NDArray[np.bool_]
Chosen = NDArray[np.integer[Any]] | Truths
"""Some photos among others: their positions, or one truth value each."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Photos of a matrix that are scored: all of them, or some rows.

    Attributes:
        sum_labels: given weights of labels and the least probability that counts, returns the sum
            of each photo, as `LabelMatrix.sums`.
        locate: given rows of the matrix, returns the positions among these photos of those that
            are here, and which of the rows they are.
        pick: given a truth value for each photo of the matrix, returns those of these photos.
    """

    sum_labels: Callable[[Mapping[str, float], float], Sums]
    locate: Callable[[Rows], tuple[Rows, Rows | slice]]
    pick: Callable[[Truths], Truths]

    @classmethod
    def all_of(cls, matrix: LabelMatrix, cut: float = 0) -> "Candidates":
        """Return all photos; `cut` is that of `LabelMatrix.sums`."""
        return cls(
            lambda weights, least: matrix.sums(weights, cut, least),
            lambda rows: (rows, slice(None)),
            lambda truths: truths,
        )

    @classmethod
    def some_of(cls, matrix: LabelMatrix, rows: Rows) -> "Candidates":
        """Return the photos of some rows, which ascend; at least one."""

        def locate(some: Rows) -> tuple[Rows, Rows]:
            positions = np.searchsorted(rows, some).clip(max=len(rows) - 1)
            kept = np.flatnonzero(rows[positions] == some)
            return positions[kept], kept

        return cls(
            lambda weights, least: matrix.sums_of(rows, weights, least),
            locate,
            lambda truths: truths[rows],
        )

    def sum_up(self, labels: Mapping[str, float], ancestors: Mapping[str, float]) -> Sums:
        """Return the weighted probabilities of each photo.

        Ancestors are added up here, not kept: photos have forty of them, and a query asks for one.
        """
        sums = self.sum_labels(labels, 0.0)
        for synset, weight in sorted(ancestors.items()):
            under = self.sum_labels(dict.fromkeys(labels_under(synset), 1.0), SMALLEST)
            some = np.flatnonzero(under >= LEAST / 2)  # most photos show nothing of the kind
            sums[some] += np.float32(weight) * as_stored(under[some])
        return sums


Test = Callable[[Candidates], Chosen]
"""Tells which of the candidates, photos of one matrix, a filter leaves out.

Where small probabilities are cut off, it may leave out fewer photos than it should, but never more:
`scoring` relies on that, and tests those that may be among the best again.
"""


Facts = Callable[[], MatrixFacts]
"""Returns what filters ask about the photos of a matrix, read when it is first called."""


def no_facts() -> MatrixFacts:
    """Stand for facts where no filter asks for any."""
    raise ValueError("a filter asks for facts, and none were given")


def is_factual(one: Filter) -> bool:
    """Tell whether a filter asks for more than ids and labels."""
    return isinstance(one, Required | Forbidden)


def tests_of(filters: Iterable[Filter], matrix: LabelMatrix, facts: Facts = no_facts) -> list[Test]:
    """Return the tests of filters; what does not depend on candidates is computed here, once."""
    return [_test_of(one, matrix, facts) for one in filters]


def left_by_facts(filters: Iterable[Filter], matrix: LabelMatrix, facts: Facts) -> Truths | None:
    """Tell which photos no filter leaves out that asks for facts; None where none does."""
    asked = [one for one in filters if is_factual(one)]
    if not asked:
        return None
    left = np.ones(len(matrix.ids), bool)
    for test in tests_of(asked, matrix, facts):
        left[test(Candidates.all_of(matrix))] = False
    return left


def _test_of(one: Filter, matrix: LabelMatrix, facts: Facts) -> Test:
    match one:
        case ExcludedPhotos(ids):
            rows = matrix.rows_of(ids)
            return lambda candidates: candidates.locate(rows)[0]
        case ExcludedLabels(weights, least, ancestors):
            bound = np.float32(least)
            return lambda some: some.sum_up(weights, ancestors).astype(np.float32) >= bound
        case Required(any_of):
            lacking = ~reduce(np.logical_or, map(facts().holding, any_of))
            return lambda some: some.pick(lacking)
        case Forbidden(condition):
            unwanted = facts().holding(condition)
            return lambda some: some.pick(unwanted)
        case _:
            assert_never(one)


def rows_left(
    matrix: LabelMatrix, filters: Iterable[Filter], gone: Rows, facts: Facts = no_facts
) -> Rows:
    """Return the rows of the photos that no filter leaves out and that are not `gone`."""
    left = np.ones(len(matrix.ids), bool)
    left[gone] = False
    for test in tests_of(filters, matrix, facts):
        left[test(Candidates.all_of(matrix))] = False
    return np.flatnonzero(left)
