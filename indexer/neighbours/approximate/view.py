"""A base, and beside it the photos that came or left since it was built."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from indexer.derived.paging import Paging
from indexer.derived.vectors import Rows, Vectors
from indexer.neighbours.approximate.base import Base
from indexer.neighbours.exact import exact_nearest, ranked
from indexer.records import Matrix, Neighbour, Vector

MOST_NEW, NEW_SHARE = 200, 0.02
"""This many photos, plus this share of the base, may come and go before it is rebuilt."""


@dataclass(frozen=True)
class View:
    """A base, and the photos as they are now.

    Attributes:
        vectors: of all photos.
        base: of an earlier time; its rows are rows of `vectors`.
    """

    vectors: Vectors
    base: Base

    @classmethod
    def of(cls, vectors: Vectors, base: Base | None) -> Self | None:
        """Return the view; None if there is no base, or it is of another file of rows."""
        if base is None or base.file != vectors.file:
            return None
        if len(base.rows) and base.rows.max() >= len(vectors.rows):
            return None
        return cls(vectors, base)

    @cached_property
    def newer(self) -> Rows:
        """Rows of photos that are not in the base."""
        held = np.zeros(len(self.vectors.rows), bool)
        held[self.base.rows] = True
        rows: Rows = self.vectors.row_of[~held[self.vectors.row_of]]
        return rows

    @cached_property
    def newer_points(self) -> Matrix:
        """Points of `newer`, float32, shape (m, k)."""
        return self.base.projection.points(self.vectors.rows[self.newer])

    @cached_property
    def paging(self) -> Paging:
        """Through which the rows of candidates are read."""
        return Paging(self.vectors.rows)

    @property
    def outdated(self) -> bool:
        """Whether the base should be rebuilt."""
        gone = len(self.base.rows) + len(self.newer) - len(self.vectors)
        return len(self.newer) + gone > MOST_NEW + NEW_SHARE * len(self.base.rows)

    def nearest(self, query: Vector, count: int) -> tuple[Neighbour, ...]:
        """Return the nearest photos of one query, as `Index.nearest` does."""
        wanted = self.base.candidates(count)
        if wanted < len(self.vectors) // 4:
            rows = self._propose(query, wanted)
            if len(rows) >= count:
                with self.paging.reading(rows):
                    return ranked(self.vectors, query, rows, count)
        return exact_nearest(self.vectors, query[None], count)[0]

    def _propose(self, query: Vector, wanted: int) -> Rows:
        (point,) = self.base.projection.points(query[None])
        old = self.base.rows[self.base.finder.nearest(point, wanted)]
        new = self.newer
        if len(new) > wanted:
            new = new[np.argpartition(self.newer_points @ point, -wanted)[-wanted:]]
        rows = np.sort(np.concatenate([old, new]))  # in the order in which they lie on disk
        alive: Rows = rows[self.vectors.position_of[rows] >= 0]
        return alive
