"""The photos that look most alike: an index that finds them, and the lists stored with photos.

A new index is one new file `indexer/neighbours/<name>.py` with a function `build(vectors)`.
"""

import importlib
import pkgutil
from collections.abc import Sequence
from typing import Protocol

from indexer.errors import BadValue
from indexer.records import Matrix, Neighbour
from indexer.vectors import Vectors

STORED = 50
"""Neighbours stored with every photo, as in the original system."""


class Index(Protocol):
    """Finds the nearest rows of `Vectors` by cosine."""

    def nearest(self, queries: Matrix, count: int) -> list[tuple[Neighbour, ...]]:
        """Return the nearest photos of each query, nearest first, ties by id.

        Args:
            queries: float32, shape (m, d), rows of L2 norm 1.
            count: how many; fewer come back where the library holds fewer.
        """

    def neighbours_of(self, ids: Sequence[str], count: int) -> dict[str, tuple[Neighbour, ...]]:
        """Return the nearest other photos of photos of the library, never the photo itself."""


def names() -> tuple[str, ...]:
    """Return the names of the indexes that exist."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


def build(name: str, vectors: Vectors) -> Index:
    """Build the index `name` over `vectors`.

    Raises:
        BadValue: there is no such index.
    """
    if name not in names():
        raise BadValue(f"unknown neighbour index {name!r}: use one of {', '.join(names())}")
    index: Index = importlib.import_module(f"indexer.neighbours.{name}").build(vectors)
    return index
