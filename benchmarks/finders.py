"""Indexes that find the nearest vectors, Magpie's and those of others, behind one protocol."""

import importlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from benchmarks.peers import BruteForce, FaissFlat, FaissIvf, Hnsw, PlainAnnoy, Usearch, Voyager
from indexer.derived.vectors import Vectors
from indexer.neighbours import Index, open_index
from indexer.neighbours.annoy import Trees
from indexer.neighbours.approximate.base import Base
from indexer.neighbours.approximate.view import View
from indexer.neighbours.cells import Cells
from indexer.records import Matrix, Neighbour, Vector


@dataclass(frozen=True)
class HeldPhotos:
    """What the indexes need of the photos of a store: vectors in memory."""

    held: Vectors

    def vectors(self) -> Vectors:
        """Return all of them."""
        return self.held

    def count(self) -> int:
        """Return the number of photos."""
        return len(self.held)


@dataclass(frozen=True)
class Held:
    """What the indexes need of a store: its photos, and a folder for their files."""

    rows: Matrix
    folder: Path
    photos: HeldPhotos

    @classmethod
    def of(cls, rows: Matrix, folder: Path) -> "Held":
        """Use the number of each row as its id."""
        vectors = Vectors.of([f"{row:08d}" for row in range(len(rows))], rows)
        return cls(rows, folder, HeldPhotos(vectors))

    def derived(self, name: str) -> Path:
        """Return the path of a file of an index."""
        return self.folder / name


class Finder(Protocol):
    """Finds the nearest of some rows.

    Attributes:
        name: for the table.
        package: the package that must be installed.
        efforts: how much a search may look at, ascending; empty if that cannot be chosen.
        tuned: whether the benchmark chooses the effort, because the index does not.
    """

    name: str
    package: str
    efforts: Sequence[int]
    tuned: bool

    def build(self, held: Held) -> None:
        """Build the index, on all cores."""

    def look(self, effort: int) -> None:
        """Set how much searches look at from now on."""

    def nearest(self, query: Vector, count: int) -> Any:
        """Return the nearest rows, in one thread and in the index's own form."""

    def bytes(self) -> int:
        """Return the size of the index, without the vectors that it holds or needs."""


class Ours:
    """One of Magpie's neighbour indexes; it chooses its effort itself."""

    package, tuned = "indexer", False

    def __init__(self, name: str) -> None:
        self.name = f"**{name}**"
        self._name = name
        self._kind: Any = {"cells": Cells, "annoy": Trees}.get(name)
        module = importlib.import_module(f"indexer.neighbours.{name}")
        self.efforts = getattr(module, "EFFORTS", ())

    def build(self, held: Held) -> None:
        self._held = held
        for old in held.folder.glob(f"{self._name}*"):
            old.unlink()
        self._index: Index = open_index(self._name, held)  # type: ignore[arg-type]
        self._index.prepare()
        self._view: View | None = None

    def look(self, effort: int) -> None:
        base = Base.load(self._held.derived(self._name), self._kind)
        assert base is not None
        base = replace(base, finder=base.finder.looking(effort))
        self._view = View(self._held.photos.vectors(), base)

    def nearest(self, query: Vector, count: int) -> tuple[Neighbour, ...]:
        if self._view:
            return self._view.nearest(query, count)
        return self._index.nearest(query[None], count)[0]

    def bytes(self) -> int:
        return sum(file.stat().st_size for file in self._held.folder.glob(f"{self._name}*"))

    def chosen(self) -> str:
        """Return what the index chose from the data."""
        about = self._index.about().parameters
        return ", ".join(f"{name} {value}" for name, value in about.items())


def finders() -> list[Finder]:
    """Return all of them, Magpie's first."""
    ours = [Ours(name) for name in ("cells", "annoy", "exact")]
    graphs = [Hnsw(), Voyager(), Usearch()]
    return [*ours, PlainAnnoy(), BruteForce(), *graphs, FaissFlat(), FaissIvf()]


def installed(finder: Finder) -> bool:
    """Tell whether the package is installed."""
    return find_spec(finder.package) is not None


def rows_of(found: Any) -> np.ndarray[Any, np.dtype[np.intp]]:
    """Return what an index found as row numbers."""
    return np.array([int(one.id) if isinstance(one, Neighbour) else one for one in found], np.intp)
