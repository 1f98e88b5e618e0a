"""An approximate index over the points of a large library, so that no search looks at all."""

import hashlib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from indexer.records import Matrix, Vector

if TYPE_CHECKING:
    from annoy import AnnoyIndex

TREES = 50
SEARCHED = 10
"""Photos that are looked at in the trees for each that is asked for."""

SEED = 1


class Nearby:
    """Annoy's trees over points, in a file beside them that may be deleted at any time."""

    def __init__(self, index: "AnnoyIndex") -> None:
        """Take the trees."""
        self._index = index

    @classmethod
    def build(cls, points: Matrix, path: Path, state: str) -> Self:
        """Make the trees, the same ones each time, and keep them in a file.

        Args:
            points: float32, shape (n, k).
            path: of the points' file.
            state: that the points mirror.
        """
        index = _empty(points)
        index.set_seed(SEED)
        for row, point in enumerate(points):
            index.add_item(row, point)
        index.build(TREES, n_jobs=1)  # several jobs make other trees each time
        for old in path.parent.glob(f"{path.name}.*.annoy"):
            with suppress(OSError):
                old.unlink()
        file = _file(path, state)
        new = file.with_suffix(".new")
        index.save(str(new))
        new.replace(file)
        return cls(index)

    @classmethod
    def load(cls, points: Matrix, path: Path, state: str) -> Self:
        """Map the trees of points into memory; make them anew where their file is missing."""
        file = _file(path, state)
        if not file.exists():
            return cls.build(points, path, state)
        index = _empty(points)
        index.load(str(file))
        return cls(index)

    def nearest(self, point: Vector, count: int) -> NDArray[np.int64]:
        """See `Finder.nearest`."""
        found = self._index.get_nns_by_vector(point, count, SEARCHED * count)
        return np.array(found, np.int64)


def _empty(points: Matrix) -> "AnnoyIndex":
    from annoy import AnnoyIndex

    return AnnoyIndex(points.shape[1], "angular")


def _file(path: Path, state: str) -> Path:
    """Named after the state, so that trees are never taken for those of other points."""
    return path.with_name(f"{path.name}.{hashlib.sha256(state.encode()).hexdigest()[:12]}.annoy")
