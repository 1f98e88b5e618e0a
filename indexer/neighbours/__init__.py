"""The photos that look most alike: engines that find them in a library, whatever happens to it.

A new engine is one new file `indexer/neighbours/<name>.py` with a function `open_index(store)`.
"""

import importlib
import os
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from indexer.derived.vectors import Vectors
from indexer.errors import BadValue
from indexer.neighbours.parts.cosines import Numbers
from indexer.neighbours.parts.lists import Lists
from indexer.records import Matrix, Neighbour
from indexer.stores import Store

STORED = 50
"""Neighbours stored with every photo, as in the original system."""

DEFAULT = "cells"
"""As many true neighbours as Annoy's trees in less than half the time (benchmarks/RESULTS.md)."""


@dataclass(frozen=True, slots=True)
class About:
    """What answers the question for the nearest photos.

    Attributes:
        index: name of the engine; "exact" also where another one need not do anything yet.
        photos: photos in it, those aside that came since it was built.
        recall: share of the true neighbours it finds, measured when it was built; 1 if exact, None
            where nobody measured it.
        parameters: chosen from the data when it was built.
    """

    index: str
    photos: int
    recall: float | None
    parameters: Mapping[str, int] = field(default_factory=dict)


class Index(Protocol):
    """Finds the photos of a store that are nearest by cosine, as the store is now.

    One object serves all threads.
    """

    def nearest(self, queries: Matrix, count: int) -> list[tuple[Neighbour, ...]]:
        """Return the nearest photos of each query, nearest first, ties by id.

        Never builds anything: that is done beside, or by `prepare`.

        Args:
            queries: float32, shape (m, d), rows of L2 norm 1.
            count: how many; fewer come back where the library holds fewer.
        """

    def lists(self, vectors: Vectors, positions: Numbers, count: int) -> Lists:
        """Return the nearest other photos of photos of a library.

        Args:
            vectors: of the library.
            positions: of the photos, shape (m,).
            count: length of the lists, at least 1 and at most the number of other photos.
        """

    def prepare(self) -> None:
        """Build what is missing or old, so that no search has to do without it."""

    def about(self) -> About:
        """Tell what answers, without building it."""


def chosen() -> str:
    """Return the name of the engine that this machine uses: MAGPIE_NEIGHBOURS, or the default."""
    return os.environ.get("MAGPIE_NEIGHBOURS") or DEFAULT


def names() -> tuple[str, ...]:
    """Return the names of the engines that exist."""
    modules = pkgutil.iter_modules(__path__)
    return tuple(sorted(module.name for module in modules if not module.ispkg))


def check(name: str) -> str:
    """Return the name of an engine.

    Raises:
        BadValue: there is no such engine.
    """
    if name not in names():
        raise BadValue(f"unknown neighbour index {name!r}: use one of {', '.join(names())}")
    return name


def open_index(name: str, store: Store) -> Index:
    """Open the engine `name` on a store, which need not exist yet.

    Raises:
        BadValue: there is no such engine, or not for this kind of store.
    """
    module = importlib.import_module(f"indexer.neighbours.{check(name)}")
    index: Index = module.open_index(store)
    return index
