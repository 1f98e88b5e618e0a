"""Vectors that are read again and again: a copy of them in a file that nobody else sees.

Reading a row from a table of a store takes several times as long as from a mapped file.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, cast

import numpy as np

from indexer.derived.vectors import Vectors
from indexer.halves import Halves, to_halves, to_unit
from indexer.records import Matrix, Vector

BLOCK = 4096
"""Rows that are copied at a time: 10 MB of 1,280 dimensions."""


class HalvesAtHand:
    """A matrix, float32, whose rows are kept as float16: unit vectors, as `to_unit` reads them.

    It is read with `[]`, and multiplied by a vector with `@`.
    """

    def __init__(self, halves: Halves) -> None:
        """Read nothing yet."""
        self._halves = halves
        self.shape = halves.shape

    def __len__(self) -> int:
        return len(self._halves)

    def __getitem__(self, rows: Any) -> Matrix:
        return to_unit(self._halves[rows])

    def __matmul__(self, vector: Vector) -> Vector:
        """Return the product of each row with a vector, shape (len(self),)."""
        starts = range(0, len(self), BLOCK)
        parts = [self[start : start + BLOCK] @ vector for start in starts]
        return np.concatenate([np.zeros(0, np.float32), *parts])


@contextmanager
def rows_at_hand(vectors: Vectors, folder: Path) -> Iterator[Vectors]:
    """Give the same vectors with rows that are quick to read.

    Args:
        vectors: as a store gives them; those whose rows are an array already come back themselves.
        folder: where the copy lies meanwhile; on a full disk, `vectors` come back themselves.
    """
    rows = vectors.rows
    if len(vectors) == 0 or isinstance(rows, np.ndarray):
        yield vectors
        return
    held = vectors
    with suppress(OSError), TemporaryFile(dir=folder) as file:
        _write(rows, file)
        # Mapped only now: writing to a map would end the process where the disk is full. The map
        # keeps the file open by itself.
        halves = np.memmap(file, np.float16, "r", shape=rows.shape)
        held = replace(vectors, rows=cast(Matrix, HalvesAtHand(halves)))
    yield held


def _write(rows: Matrix, file: IO[bytes]) -> None:
    for start in range(0, len(rows), BLOCK):
        # What was rounded once is the same when it is rounded again.
        file.write(to_halves(rows[start : start + BLOCK]).tobytes())
    file.flush()
