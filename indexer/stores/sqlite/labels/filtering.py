"""Which photos the filters of a query leave out, tested on columns in memory."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, assert_never

import numpy as np
from numpy.typing import NDArray

from indexer.filters import ExcludedLabels, ExcludedPhotos, Filter
from indexer.stores.sqlite.labels.matrix import LabelMatrix, Rows, Sums

Chosen = NDArray[np.integer[Any]] | NDArray[np.bool_]
"""Some photos among others: their positions, or one truth value each."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Photos of a matrix that are scored: all of them, or some rows.

    Attributes:
        sum_up: returns the weighted probabilities of each photo, as `LabelMatrix.sums`.
        locate: given rows of the matrix, returns the positions among these photos of those that
            are here, and which of the rows they are.
    """

    sum_up: Callable[[Mapping[str, float]], Sums]
    locate: Callable[[Rows], tuple[Rows, Rows | slice]]

    @classmethod
    def all_of(cls, matrix: LabelMatrix, cut: float = 0) -> "Candidates":
        """Return all photos; `cut` is that of `LabelMatrix.sums`."""
        return cls(lambda weights: matrix.sums(weights, cut), lambda rows: (rows, slice(None)))

    @classmethod
    def some_of(cls, matrix: LabelMatrix, rows: Rows) -> "Candidates":
        """Return the photos of some rows, which ascend; at least one."""

        def locate(some: Rows) -> tuple[Rows, Rows]:
            positions = np.searchsorted(rows, some).clip(max=len(rows) - 1)
            kept = np.flatnonzero(rows[positions] == some)
            return positions[kept], kept

        return cls(lambda weights: matrix.sums_of(rows, weights), locate)


Test = Callable[[Candidates], Chosen]
"""Tells which of the candidates, photos of one matrix, a filter leaves out.

Where small probabilities are cut off, it may leave out fewer photos than it should, but never more:
`scoring` relies on that, and tests those that may be among the best again.
"""


def tests_of(filters: Iterable[Filter], matrix: LabelMatrix) -> list[Test]:
    """Return the tests of filters; what does not depend on candidates is computed here, once."""
    return [_test_of(one, matrix) for one in filters]


def _test_of(one: Filter, matrix: LabelMatrix) -> Test:
    match one:
        case ExcludedPhotos(ids):
            rows = matrix.rows_of(ids)
            return lambda candidates: candidates.locate(rows)[0]
        case ExcludedLabels(weights, least):
            bound = np.float32(least)
            return lambda candidates: candidates.sum_up(weights).astype(np.float32) >= bound
        case _:
            assert_never(one)


def ids_left(matrix: LabelMatrix, filters: Iterable[Filter], gone: Rows) -> NDArray[np.bytes_]:
    """Return the ids of the photos that no filter leaves out and whose rows are not `gone`."""
    left = np.ones(len(matrix.ids), bool)
    left[gone] = False
    for test in tests_of(filters, matrix):
        left[test(Candidates.all_of(matrix))] = False
    return matrix.ids[left]
