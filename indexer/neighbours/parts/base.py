"""What an approximate index builds from a library at one time, and keeps in a file."""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from indexer.derived.arrays import read_arrays, write_arrays
from indexer.derived.vectors import Rows, Vectors
from indexer.neighbours.parts.cosines import Numbers
from indexer.neighbours.parts.projection import ASKED, RECALL, Projection, Sample, fit
from indexer.neighbours.parts.scanning import in_threads
from indexer.records import Matrix, Vector

MARGIN = 0.002
"""What the measured recall is above the one that is promised: more than chance makes of it."""

SEARCHES = 20
"""Searches that a thread does at a time while recall is measured."""


class Finder(Protocol):
    """Finds points near another without looking at all of them."""

    @property
    def looked(self) -> int:
        """How much a search looks at."""

    @classmethod
    def build(cls, points: Matrix) -> Self:
        """Build it over float32 points, shape (n, k), the same each time."""

    def looking(self, looked: int) -> Self:
        """Return the same for a search that looks at more, or less."""

    def nearest(self, point: Vector, count: int) -> Numbers:
        """Return about `count` points near another of any length, in no order."""

    def arrays(self, path: Path) -> Mapping[str, NDArray[Any]]:
        """Return it as arrays for the file `path`, and write beside it what those cannot hold."""

    @classmethod
    def load(cls, arrays: Mapping[str, NDArray[Any]], path: Path) -> Self:
        """Return what `arrays` was made of.

        Raises:
            OSError, KeyError, ValueError: missing or damaged.
        """


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
    finder: Finder
    recall: float

    @classmethod
    def build(cls, vectors: Vectors, kind: type[Finder], efforts: Sequence[int]) -> Self:
        """Build a base; everything is chosen so that `RECALL` is reached, if it can be.

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
        return cls(vectors.file, vectors.places, projection, chosen, recall(effort))

    @classmethod
    def load(cls, path: Path, kind: type[Finder]) -> Self | None:
        """Map the file into memory; None where it is missing or damaged."""
        found = read_arrays(path)
        if found is None:
            return None
        arrays = found.arrays
        try:
            candidates, billionths = arrays["numbers"].tolist()
            projection = Projection(arrays["axes"], candidates)
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
        """Return how many candidates hold the `count` nearest."""
        return -(-self.projection.candidates * max(count, ASKED) // ASKED)

    def parameters(self) -> dict[str, int]:
        """Return what was chosen, by name."""
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
