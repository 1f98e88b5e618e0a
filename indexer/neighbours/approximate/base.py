"""What an approximate index builds from the photos of one time and keeps in a file."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from indexer.derived.array_file import read_arrays, write_arrays
from indexer.derived.vectors import Rows, Vectors
from indexer.neighbours.approximate.finder import PointFinder
from indexer.neighbours.approximate.projection import ASKED, RECALL, Projection, Sample, fit
from indexer.neighbours.comparing.cosines import Numbers
from indexer.neighbours.comparing.scanning import in_threads
from indexer.records import Matrix, Vector

MARGIN = 0.002
"""How far the measured recall must exceed the promised one: more than chance accounts for."""

SEARCHES = 20
"""Searches that a thread does at a time while recall is measured."""


@dataclass(frozen=True, slots=True)
class Base:
    """A finder over the photos of one time.

    Attributes:
        file: name of the file of rows, see `Vectors.file`.
        rows: row of each point of the finder, shape (n,).
        projection: from vectors to points.
        finder: over the points.
        recall: share of the true neighbours that it finds, as measured.
    """

    file: str
    rows: Rows
    projection: Projection
    finder: PointFinder
    recall: float

    @classmethod
    def build(cls, vectors: Vectors, kind: type[PointFinder], efforts: Sequence[int]) -> Self:
        """Build a base, and choose the least effort that reaches `RECALL`, or else the largest.

        Args:
            vectors: of all photos.
            kind: of finder.
            efforts: how much a search may look at, ascending.
        """
        sample = Sample.of(vectors)
        projection, points = fit(vectors, sample)
        finder = kind.build(points)

        @cache
        def recall(effort: int) -> float:
            search = partial(finder.looking(effort).nearest, count=projection.candidates + 1)
            return sample.recall(_found(search, points[sample.positions]))

        enough = bisect_left(efforts, RECALL + MARGIN, key=recall)
        effort = efforts[min(enough, len(efforts) - 1)]
        chosen = finder.looking(effort)
        return cls(vectors.file, vectors.row_of, projection, chosen, recall(effort))

    @classmethod
    def load(cls, path: Path, kind: type[PointFinder]) -> Self | None:
        """Map the file into memory; None if it is missing or damaged."""
        found = read_arrays(path)
        if found is None:
            return None
        arrays = found.arrays
        try:
            candidates, billionths = arrays["numbers"].tolist()
            projection = Projection(np.asfortranarray(arrays["axes"]), candidates)
            finder = kind.load(arrays, path)
            return cls(found.state, arrays["rows"], projection, finder, billionths / 1e9)
        except (KeyError, OSError, ValueError):
            return None

    def save(self, path: Path) -> None:
        """Replace the file.

        Raises:
            OSError: the disk is full or refuses.
        """
        arrays: dict[str, NDArray[Any]] = {
            "rows": self.rows,
            "axes": self.projection.axes,
            "numbers": np.array([self.projection.candidates, round(self.recall * 1e9)]),
            **self.finder.arrays(path),
        }
        write_arrays(path, self.file, {name: [array] for name, array in arrays.items()})

    def candidates(self, count: int) -> int:
        """Return how many candidates to take so that they hold the `count` nearest."""
        return -(-self.projection.candidates * max(count, ASKED) // ASKED)

    def parameters(self) -> dict[str, int]:
        """Return what was chosen from the data, by name."""
        return {
            "dimensions": self.projection.axes.shape[1],
            "candidates": self.projection.candidates,
            "looked": self.finder.looked,
        }


def _found(search: Callable[[Vector], Numbers], points: Matrix) -> list[Numbers]:
    found: list[Numbers] = [np.zeros(0, np.intp)] * len(points)

    def work(start: int) -> None:
        for number, point in enumerate(points[start : start + SEARCHES], start):
            found[number] = search(point)

    in_threads(work, range(0, len(points), SEARCHES))
    return found
