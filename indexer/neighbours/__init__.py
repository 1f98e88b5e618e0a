"""The photos that look most alike: what a neighbour index is, and how one is chosen.

A new neighbour index is one new file `indexer/neighbours/<name>.py` with a function
`open_index(store)`; the tests then hold it to the contract below. What several indexes share lies
in the folders here: `comparing` compares photos exactly, `approximate` looks at a part of them.
"""

import importlib
import os
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from indexer.derived.vectors import Vectors
from indexer.errors import BadValue
from indexer.neighbours.comparing.cosines import Numbers
from indexer.neighbours.comparing.lists import Lists
from indexer.records import Matrix, Neighbour
from indexer.stores import Store

STORED = 50
"""Neighbours stored with every photo, as in the original system."""

DEFAULT = "cells"
"""Finds as many true neighbours as Annoy's trees in less than half the time (see
benchmarks/RESULTS.md)."""


@dataclass(frozen=True, slots=True)
class About:
    """What answers when somebody asks for the nearest photos.

    Attributes:
        index: name of the neighbour index; "exact" also while another one has nothing built yet.
        photos: photos in it, not counting those that came since it was built.
        recall: share of the true neighbours it finds, measured when it was built; 1 if exact, None
            if nobody measured it.
        parameters: chosen from the data when it was built.
    """

    index: str
    photos: int
    recall: float | None
    parameters: Mapping[str, int] = field(default_factory=dict)


class Index(Protocol):
    """Finds the photos of a store that are nearest by cosine, as the store is now.

    All threads may share one object.
    """

    def nearest(self, queries: Matrix, count: int) -> list[tuple[Neighbour, ...]]:
        """Return the nearest photos of each query, nearest first, ties by id.

        Never waits for anything to be built: that happens in the background, or in `prepare`.

        Args:
            queries: float32, shape (m, d), rows of L2 norm 1.
            count: how many; fewer come back if the library holds fewer.
        """

    def lists(self, vectors: Vectors, positions: Numbers, count: int) -> Lists:
        """Return the nearest other photos of some photos of a library.

        Args:
            vectors: of the library.
            positions: of the photos, shape (m,).
            count: length of the lists, at least 1 and at most the number of other photos.
        """

    def prepare(self) -> None:
        """Build what is missing or out of date, so that no search has to do without it."""

    def about(self) -> About:
        """Tell what answers now; builds nothing."""


def chosen() -> str:
    """Return the name of the index that this machine uses: MAGPIE_NEIGHBOURS, or the default."""
    return os.environ.get("MAGPIE_NEIGHBOURS") or DEFAULT


def names() -> tuple[str, ...]:
    """Return the names of the neighbour indexes: the files of this folder, not its subfolders."""
    modules = pkgutil.iter_modules(__path__)
    return tuple(sorted(module.name for module in modules if not module.ispkg))


def open_index(name: str, store: Store) -> Index:
    """Open the neighbour index `name` on a store, which need not exist yet.

    Raises:
        BadValue: there is no such index, or it does not work with this kind of store.
    """
    if name not in names():
        raise BadValue(f"unknown neighbour index {name!r}: use one of {', '.join(names())}")
    index: Index = importlib.import_module(f"{__name__}.{name}").open_index(store)
    return index
