"""Annoy's trees over points, in a file of their own."""

import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from indexer.neighbours.parts.cosines import Numbers
from indexer.records import Matrix, Vector

if TYPE_CHECKING:
    from annoy import AnnoyIndex

TREES, SEED = 50, 1
JOBS = 4
"""Threads that grow trees. Each has its own seeds, so their number is fixed: the same points give
the same answers on any machine."""

BLOCK = 1 << 24


@dataclass(frozen=True, slots=True)
class Trees:
    """Trees over points; `looked` of the points are looked at in a search."""

    index: "AnnoyIndex"
    width: int
    looked: int

    @classmethod
    def build(cls, points: Matrix) -> Self:
        """Grow the trees, for the same points those that answer the same.

        Args:
            points: float32, shape (n, k), rows of L2 norm 1.
        """
        index = _empty(points.shape[1])
        index.set_seed(SEED)
        for row, point in enumerate(points):
            index.add_item(row, point)
        index.build(TREES, n_jobs=JOBS)
        return cls(index, points.shape[1], 0)

    def looking(self, looked: int) -> Self:
        """Return the same trees for a search that looks at so many points."""
        return replace(self, looked=looked)

    def nearest(self, point: Vector, count: int) -> Numbers:
        """Return about `count` points near another of any length, in no order."""
        return np.array(self.index.get_nns_by_vector(point, count, self.looked), np.intp)

    def arrays(self, path: Path) -> dict[str, NDArray[Any]]:
        """Write the trees beside `path`; return arrays by which `load` finds them again.

        Annoy maps a file of its own into memory, and is lost where the file is spoilt: its name
        tells what it must hold.
        """
        new = path.with_name(f"{path.name}.annoy.new")
        self.index.save(str(new))
        name = f"{path.name}.{_checksum(new):08x}.annoy"
        new.replace(path.with_name(name))
        for old in path.parent.glob(f"{path.name}.*.annoy"):
            if old.name != name:
                with suppress(OSError):  # Windows keeps what another process has open
                    old.unlink()
        numbers = np.array([self.width, self.looked])
        return {"trees": np.array([name.encode()]), "searched": numbers}

    @classmethod
    def load(cls, arrays: Mapping[str, NDArray[Any]], path: Path) -> Self:
        """Map the trees that `arrays` names into memory.

        Raises:
            OSError, KeyError, ValueError: they are missing or damaged.
        """
        width, looked = arrays["searched"].tolist()
        file = path.with_name(arrays["trees"][0].decode())
        if file.name != f"{path.name}.{_checksum(file):08x}.annoy":
            raise ValueError(f"{file} is damaged")
        index = _empty(width)
        index.load(str(file))
        return cls(index, width, looked)


def _checksum(path: Path) -> int:
    checksum = 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            checksum = zlib.crc32(block, checksum)
    return checksum


def _empty(width: int) -> "AnnoyIndex":
    from annoy import AnnoyIndex

    return AnnoyIndex(width, "angular")
