"""The label probabilities of many photos, by label and by photo.

By label, a query reads those of its labels and nothing else; by photo, a few photos are scored
without reading any others.

Compressed sparse columns and rows, in numpy only: loading scipy takes longer than a first search.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from indexer.derived.array_file import SavedArrays
from indexer.derived.vectors import as_bytes
from indexer.stores.sqlite.layout import NOW, NumberLayout, probabilities_of

HEAD = 0.02
"""Probabilities of at least this come first: one in ten of them, and 83 % of their sum. Files that
an earlier version split elsewhere rank the same."""

ROUNDING = 1 + 1e-6
"""More than what sums in float32 may be off by."""

Rows = NDArray[np.integer[Any]]
Sums = NDArray[np.float64]


@dataclass(frozen=True)
class LabelMatrix(SavedArrays):
    """The labels of n photos, one photo per row.

    Attributes:
        ids: photo ids in UTF-8, in any order, shape (n,).
        order: int32, shape (n,): the rows in ascending order of ids.
        wnids: label of each column, ASCII, in any order, shape (c,).
        label_starts: int64, shape (2c + 1,): column i has the entries from label_starts[2i] to
            label_starts[2i + 2], and from label_starts[2i + 1] on those below `HEAD`.
        label_rows: int32, one an entry: the photo.
        label_probabilities: float32, one an entry.
        photo_starts: int64, shape (n + 1,): row i has the entries photo_starts[i] to
            photo_starts[i + 1], in any order.
        photo_columns: uint16, one an entry: the label.
        photo_probabilities: float32, one an entry.
        rests: float32, shape (n,): at least what the probabilities below `HEAD` add up to.
    """

    ids: NDArray[np.bytes_]
    order: NDArray[np.int32]
    wnids: NDArray[np.bytes_]
    label_starts: NDArray[np.int64]
    label_rows: NDArray[np.int32]
    label_probabilities: NDArray[np.float32]
    photo_starts: NDArray[np.int64]
    photo_columns: NDArray[np.uint16]
    photo_probabilities: NDArray[np.float32]
    rests: NDArray[np.float32]

    @classmethod
    def build(
        cls,
        ids: Sequence[str],
        entries: Sequence[bytes],
        wnids: Sequence[str],
        layout: NumberLayout = NOW,
    ) -> Self:
        """Make the matrix.

        Args:
            ids: photo ids.
            entries: for each photo its labels, the bytes of an array of `layout.label`.
            wnids: label of each number.
            layout: of the store.
        """
        flat = np.frombuffer(b"".join(entries), layout.label)
        columns, probabilities = flat["number"].copy(), probabilities_of(flat).copy()
        lengths = np.array([len(entry) // layout.label.itemsize for entry in entries], np.int64)
        rows = np.repeat(np.arange(len(ids), dtype=np.int32), lengths)
        tails = probabilities < HEAD
        halves = columns * np.uint16(2) + tails
        order = np.argsort(halves, kind="stable")  # 16-bit numbers: a linear radix sort
        names = as_bytes(ids)
        rests = np.bincount(rows[tails], probabilities[tails], len(ids))
        return cls(
            ids=names,
            order=np.argsort(names).astype(np.int32),
            wnids=as_bytes(wnids),
            label_starts=starts_of(np.bincount(halves, minlength=2 * len(wnids))),
            label_rows=rows[order],
            label_probabilities=probabilities[order],
            photo_starts=starts_of(lengths),
            photo_columns=columns,
            photo_probabilities=probabilities,
            rests=(rests * ROUNDING).astype(np.float32),
        )

    def rows_of(self, ids: Iterable[str]) -> Rows:
        """Return the rows of these photos; unknown ids are ignored."""
        return self.find(dict.fromkeys(ids, 0.0))[0]

    def find(self, numbers: Mapping[str, float]) -> tuple[Rows, NDArray[np.float32]]:
        """Return the rows of the photos that the matrix has, and their numbers, float32."""
        if not numbers or len(self.ids) == 0:  # searchsorted would copy the order for nothing
            return np.zeros(0, np.int32), np.zeros(0, np.float32)
        wanted, values = as_bytes(numbers), np.array(list(numbers.values()), np.float32)
        positions = np.searchsorted(self.ids, wanted, sorter=self.order)
        rows = self.order[positions.clip(max=len(self.ids) - 1)]
        found = self.ids[rows] == wanted
        return rows[found], values[found]

    def columns(self, weights: Mapping[str, float]) -> list[tuple[int, np.float32]]:
        """Return column and weight of the labels that the matrix has, in order of columns."""
        known = self._numbers
        return sorted((known[w], np.float32(by)) for w, by in weights.items() if w in known)

    def sums(self, weights: Mapping[str, float], cut: float = 0, least: float = 0) -> Sums:
        """Return each photo's weighted probabilities, shape (n,).

        Products in float32, their sum in float64, as Lucene computes.

        Args:
            weights: of labels.
            cut: of labels that weigh no more than this, probabilities below `HEAD` are left out.
                No photo misses more than `cut` times its rest.
            least: smaller probabilities are left out.
        """
        sums = np.zeros(len(self.ids))
        for column, weight in self.columns(weights):
            part = self._entries(column, head=bool(weight <= cut))
            rows, probabilities = self.label_rows[part], self.label_probabilities[part]
            if least and not (counting := probabilities >= least).all():
                rows, probabilities = rows[counting], probabilities[counting]
            _add_to(sums, rows, weight * probabilities)
        return sums

    def sums_of(self, rows: Rows, weights: Mapping[str, float], least: float = 0) -> Sums:
        """Return what `sums` has for some rows."""
        owners, columns, probabilities = self._of_photos(rows)
        factors = np.zeros(len(self.wnids), np.float32)
        for column, weight in self.columns(weights):
            factors[column] = weight
        kept = np.flatnonzero((factors != 0)[columns] & (probabilities >= least))
        kept = kept[np.argsort(columns[kept], kind="stable")]  # to add up in the same order
        sums = np.zeros(len(rows))
        _add_to(sums, owners[kept], factors[columns[kept]] * probabilities[kept])
        return sums

    def sizes_of(
        self, weights: Mapping[str, float]
    ) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.int64]]:
        """Return what `sums` reads for the labels that the matrix has, heaviest first.

        Their weights, and how many probabilities each has of at least `HEAD`, and below.
        """
        pairs = self.columns(weights)
        by = np.array([weight for _, weight in pairs], np.float32)
        columns = np.array([column for column, _ in pairs], np.int64)[np.argsort(-by)]
        heads, tails = np.diff(self.label_starts).reshape(-1, 2)[columns].T
        return -np.sort(-by), heads, tails

    def _entries(self, column: int, head: bool) -> slice:
        start, middle, end = self.label_starts[2 * column : 2 * column + 3].tolist()
        return slice(start, middle if head else end)

    def _of_photos(self, rows: Rows) -> tuple[Rows, Rows, NDArray[np.float32]]:
        """All entries of some photos: position of the photo in `rows`, column, probability."""
        starts, ends = self.photo_starts[rows], self.photo_starts[rows + 1]
        owners = np.repeat(np.arange(len(rows)), ends - starts)
        before = np.cumsum(ends - starts) - (ends - starts)
        entries = np.arange(len(owners)) + (starts - before)[owners]
        return owners, self.photo_columns[entries], self.photo_probabilities[entries]

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {wnid.decode(): column for column, wnid in enumerate(self.wnids.tolist())}


def _add_to(sums: Sums, rows: Rows, products: NDArray[np.float32]) -> None:
    """Add products to the sums of their rows, one after the other.

    Twice as fast as `bincount` with a million of each, but only if numpy need not cast any of them.
    """
    np.add.at(sums, rows.astype(np.intp, copy=False), products.astype(np.float64))


def starts_of(lengths: Rows) -> NDArray[np.int64]:
    """Return where parts of these lengths start, and where the last one ends."""
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
