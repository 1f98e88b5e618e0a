"""The label probabilities of many photos, by label, and ranking photos by them.

A matrix photos x labels in compressed sparse columns: a query reads the columns of its labels and
nothing else. Numpy alone does it: loading scipy would cost more than a first search.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from indexer.arrays import read_arrays, write_arrays
from indexer.records import Query

ENTRY = np.dtype([("number", "<u2"), ("probability", "<f4")])
"""One label of a photo; `number` is its column. 6 bytes, so 300 a photo with 50 labels."""

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class LabelMatrix:
    """The labels of n photos.

    Attributes:
        ids: photo ids in UTF-8, shape (n,).
        wnids: label of each column, ASCII, ascending, shape (c,).
        starts: int64, shape (c + 1,); column i has the entries starts[i] to starts[i + 1].
        rows: int32, one an entry: the photo.
        probabilities: float32, one an entry.
    """

    ids: NDArray[np.bytes_]
    wnids: NDArray[np.bytes_]
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    probabilities: NDArray[np.float32]

    @classmethod
    def build(cls, ids: Sequence[str], entries: Sequence[bytes], wnids: Sequence[str]) -> Self:
        """Make the matrix.

        Args:
            ids: photo ids in ascending order.
            entries: for each photo its labels, the bytes of an array of `ENTRY`.
            wnids: label of each number.
        """
        flat = np.frombuffer(b"".join(entries), ENTRY)
        lengths = [len(entry) // ENTRY.itemsize for entry in entries]
        names, columns = np.unique(_encode(wnids), return_inverse=True)
        column = columns.astype(np.uint16)[flat["number"]]
        order = np.argsort(column, kind="stable")  # 16-bit numbers: a linear radix sort
        counts = np.bincount(column, minlength=len(names))
        return cls(
            ids=_encode(ids),
            wnids=names,
            starts=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
            rows=np.repeat(np.arange(len(ids), dtype=np.int32), lengths)[order],
            probabilities=flat["probability"][order],
        )

    @classmethod
    def load(cls, path: Path) -> tuple[Self, str] | None:
        """Map a saved matrix into memory; return it with its state, None if missing or damaged."""
        found = read_arrays(path)
        if found is None or set(found.arrays) != set(cls.__slots__):
            return None
        return cls(**found.arrays), found.state

    def save(self, path: Path, state: str) -> None:
        """Replace the file at `path`.

        Raises:
            OSError: the disk is full or refuses.
        """
        write_arrays(path, state, {name: [getattr(self, name)] for name in self.__slots__})

    def score(self, query: Query) -> Scores:
        """Return the score of every photo, float32, shape (n,); 0 where it is no hit.

        Lucene casts to float32 after each of its layers (BooleanQuery sums labels and boosts,
        function_score damps), hence the two casts here: ties must be the same ties.
        """
        sums = self._sum(query.weights)
        rows, boosts = _look_up(self.ids, query.boosts)
        sums[rows] += boosts
        scores = sums.astype(np.float32)
        rows, damping = _look_up(self.ids, query.damping)
        scores[rows] = scores[rows].astype(np.float64) * damping
        scores[self.rows_of(query.excluded)] = 0
        for condition in query.without:
            sums = self._sum(condition.weights)
            scores[sums.astype(np.float32) >= np.float32(condition.least)] = 0
        return scores

    def rows_of(self, ids: Iterable[str]) -> NDArray[np.int64]:
        """Return the rows of these photos, unknown ones left out."""
        return _look_up(self.ids, dict.fromkeys(ids, 0.0))[0]

    def _sum(self, weights: Mapping[str, float]) -> NDArray[np.float64]:
        """Each photo's weighted probabilities: products in float32, their sum in float64."""
        rows, products = [np.zeros(0, np.int32)], [np.zeros(0, np.float32)]
        columns, factors = _look_up(self.wnids, weights)
        for column, factor in zip(columns, factors, strict=True):
            part = slice(self.starts[column], self.starts[column + 1])
            rows.append(self.rows[part])
            products.append(factor * self.probabilities[part])
        sums = np.bincount(np.concatenate(rows), np.concatenate(products), len(self.ids))
        return sums.astype(np.float64, copy=False)  # bincount of nothing gives integers


def best(
    parts: Sequence[tuple[LabelMatrix, Scores]], limit: int, offset: int
) -> list[tuple[str, float]]:
    """Return (id, score) of places `offset` to `offset + limit` of the ranking.

    Hits only (score above 0), highest score first, ties by id.
    """
    hits = np.concatenate([scores[scores > 0] for _, scores in parts])
    end = min(offset + limit, len(hits))
    if limit == 0 or end == 0:
        return []
    # All that reach the score of the last place: its ties are broken by id, below.
    least = np.partition(hits, -end)[-end]
    kept = [np.flatnonzero(scores >= least) for _, scores in parts]
    ids = np.concatenate([matrix.ids[rows] for (matrix, _), rows in zip(parts, kept, strict=True)])
    scores = np.concatenate([scores[rows] for (_, scores), rows in zip(parts, kept, strict=True)])
    order = np.lexsort((ids, -scores))[offset:end]
    names = [id.decode() for id in ids[order].tolist()]
    return list(zip(names, scores[order].tolist(), strict=True))


def _encode(texts: Iterable[str]) -> NDArray[np.bytes_]:
    """UTF-8 sorts as Python's text does, by code point."""
    return np.array([text.encode() for text in texts], np.bytes_)


def _look_up(
    names: NDArray[np.bytes_], numbers: Mapping[str, float]
) -> tuple[NDArray[np.int64], Scores]:
    """The places in `names`, which ascend, of those keys that are there; and their numbers."""
    if len(names) == 0:
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    wanted = _encode(numbers)
    places = np.searchsorted(names, wanted).clip(max=len(names) - 1)
    found = names[places] == wanted
    return places[found], np.array(list(numbers.values()), np.float32)[found]
