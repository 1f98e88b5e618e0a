"""The stored neighbour lists of a library as arrays beside the store, in a derived file.

Reading a hundred thousand lists from a store takes longer than bringing them up to date. From this
file it takes a moment, and only lists that were written since are read from the store.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from indexer.batches import batched
from indexer.derived.array_file import read_arrays, write_arrays
from indexer.derived.vectors import Rows, Vectors, as_bytes, find
from indexer.neighbours import STORED
from indexer.neighbours.comparing.lists import Lists
from indexer.records import Neighbour

NAME = "lists"
GONE = -2
"""Stands in a list for a photo that left."""

READ = 1000
"""Lists of the store that are taken in at a time."""

Stored = Iterable[tuple[str, tuple[Neighbour, ...]]]
"""Ids of photos with their neighbour lists, as a store yields them."""


@dataclass(frozen=True, slots=True)
class StoredLists:
    """What is stored, in positions of the photos there are now.

    Attributes:
        lists: one list per photo, `STORED` long, with `GONE` for photos that left.
        linked: bool, shape (n,): whether the photo had a list at all.
    """

    lists: Lists
    linked: NDArray[np.bool_]

    @classmethod
    def none(cls, number: int) -> Self:
        """Return what is stored with photos that are all new."""
        return cls(Lists.empty(number, STORED), np.zeros(number, bool))

    @classmethod
    def load(cls, path: Path, vectors: Vectors) -> tuple[Self, str | None]:
        """Read the file; return it with the store's state then, None if missing or damaged."""
        stored, found = cls.none(len(vectors)), read_arrays(path)
        if found is None or set(found.arrays) != {"names", "near", "millionths"}:
            return stored, None
        names = found.arrays["names"]
        now = find(vectors.names, names)
        kept = np.flatnonzero(now >= 0)
        near = found.arrays["near"][kept]
        stored.lists.near[now[kept]] = np.where(near >= 0, _or_gone(now)[near], near)
        stored.lists.millionths[now[kept]] = found.arrays["millionths"][kept]
        stored.linked[now[kept]] = near[:, 0] != -1
        return stored, found.state

    def take_in(self, newer: Stored, vectors: Vectors) -> None:
        """Add lists as the store holds them; those of photos that left are ignored."""
        for part in batched(newer, READ):
            positions = vectors.find(as_bytes([id for id, _ in part]))
            ids = [near.id for _, listed in part for near in listed[:STORED]]
            near = iter(_or_gone(vectors.find(as_bytes(ids))).tolist())
            for position, (_, listed) in zip(positions.tolist(), part, strict=True):
                found = [next(near) for _ in listed[:STORED]]
                if position >= 0:
                    self._put(position, found, [one.cosine for one in listed[:STORED]])

    def _put(self, position: int, near: list[int], cosines: list[float]) -> None:
        self.lists.near[position] = -1
        self.lists.put(position, np.array(near, np.intp), np.array(cosines))
        self.linked[position] = bool(near)

    def put_all(self, positions: Rows, lists: Lists) -> None:
        """Add lists that were just written to the store."""
        count = lists.near.shape[1]
        self.lists.near[positions] = -1
        self.lists.near[positions, :count] = lists.near
        self.lists.millionths[positions, :count] = lists.millionths
        self.linked[positions] = count > 0

    def save(self, path: Path, state: str, vectors: Vectors) -> None:
        """Replace the file.

        Raises:
            OSError: the disk is full or refuses.
        """
        arrays = {
            "names": vectors.names,
            "near": self.lists.near,
            "millionths": self.lists.millionths,
        }
        write_arrays(path, state, {name: [array] for name, array in arrays.items()})


def _or_gone(positions: Rows) -> Rows:
    return np.where(positions >= 0, positions, GONE)
