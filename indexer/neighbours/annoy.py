"""Neighbours by Annoy's trees, as in the original system; the trees lie in a file of their own."""

import os
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from indexer.neighbours.approximate.index import ApproximateIndex
from indexer.neighbours.comparing.cosines import Numbers
from indexer.records import Matrix, Vector
from indexer.stores import Store

if TYPE_CHECKING:
    from annoy import AnnoyIndex

EFFORTS = (5_000, 10_000, 20_000, 40_000, 80_000)
"""Points to look at in the trees (Annoy's search_k): the first that finds enough is taken."""

TREES, SEED = 50, 1
JOBS = 4
"""Threads that grow trees. Each has seeds of its own, so their number is fixed: the same points
give the same answers on any machine."""

BLOCK_BYTES = 1 << 24


@dataclass(frozen=True, slots=True)
class Trees:
    """Trees over points.

    Attributes:
        index: the trees.
        width: dimensions of the points.
        looked: points that a search looks at.
    """

    index: "AnnoyIndex"
    width: int
    looked: int

    @property
    def groups(self) -> None:
        """Trees do not sort points into groups."""

    @classmethod
    def build(cls, points: Matrix) -> Self:
        """Grow the trees over float32 points, shape (n, k), rows of L2 norm 1."""
        index = _empty(points.shape[1])
        index.set_seed(SEED)
        for row, point in enumerate(points):
            index.add_item(row, point)
        index.build(TREES, n_jobs=JOBS)
        return cls(index, points.shape[1], 0)

    def looking(self, looked: int) -> Self:
        """Return the same trees for searches that look at this many points."""
        return replace(self, looked=looked)

    def nearest(self, point: Vector, count: int) -> Numbers:
        """Return about `count` points near another one of any length, in no order."""
        return np.array(self.index.get_nns_by_vector(point, count, self.looked), np.intp)

    def arrays(self, path: Path) -> dict[str, NDArray[Any]]:
        """Write the trees beside `path`; return arrays by which `load` finds them again.

        Annoy maps its file into memory and crashes if that is damaged, so the file's name holds
        its checksum.
        """
        new = path.with_name(f"{path.name}.annoy.new")
        self.index.save(str(new))
        with new.open("rb") as written:
            os.fsync(written.fileno())
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
        """Map the trees that `arrays` name into memory.

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


def open_index(store: Store) -> ApproximateIndex:
    """Open the index by trees; a large store is read when it is first used."""
    return ApproximateIndex(store, "annoy", Trees, EFFORTS)


def _checksum(path: Path) -> int:
    checksum = 0
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            checksum = zlib.crc32(block, checksum)
    return checksum


def _empty(width: int) -> "AnnoyIndex":
    from annoy import AnnoyIndex

    return AnnoyIndex(width, "angular")
