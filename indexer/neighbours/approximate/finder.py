"""What an approximate index needs: something that finds points without looking at all of them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from indexer.neighbours.comparing.cosines import Numbers
from indexer.records import Matrix, Vector


class PointGroups(Protocol):
    """Points in groups, so that those of a group are near each other."""

    def groups_of_points(self) -> Numbers:
        """Return the group of each point, shape (n,)."""

    def nearest_groups(self, points: Matrix) -> Numbers:
        """Return the nearest group of each of other points, float32, shape (m, k)."""

    def around(self, points: Matrix, count: int) -> tuple[NDArray[np.int32], Matrix]:
        """Return the numbers and coordinates of the points around some points of one group.

        Args:
            points: float32, shape (m, k), rows of L2 norm 1.
            count: at least this many come back.
        """


class PointFinder(Protocol):
    """Finds points near another one without looking at all of them."""

    @property
    def looked(self) -> int:
        """How much a search looks at."""

    @property
    def groups(self) -> PointGroups | None:
        """The groups in which the points lie; None if the points are not in groups."""

    @classmethod
    def build(cls, points: Matrix) -> Self:
        """Build a finder over float32 points, shape (n, k), rows of L2 norm 1.

        The same points give a finder that answers the same.
        """

    def looking(self, looked: int) -> Self:
        """Return the same finder for searches that look at more, or less."""

    def nearest(self, point: Vector, count: int) -> Numbers:
        """Return about `count` points near another one of any length, in no order."""

    def arrays(self, path: Path) -> Mapping[str, NDArray[Any]]:
        """Return arrays for the file `path`; write beside it what arrays cannot hold."""

    @classmethod
    def load(cls, arrays: Mapping[str, NDArray[Any]], path: Path) -> Self:
        """Return the finder that `arrays` was made from.

        Raises:
            OSError, KeyError, ValueError: something is missing or damaged.
        """
