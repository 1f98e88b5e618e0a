"""Indexes that find the nearest vectors, Magpie's and those of others, behind one protocol."""

import importlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from indexer.derived.vectors import Vectors
from indexer.neighbours import Index, open_index
from indexer.neighbours.annoy import Trees
from indexer.neighbours.approximate.base import Base
from indexer.neighbours.approximate.view import View
from indexer.neighbours.cells import Cells
from indexer.neighbours.comparing.scanning import cores
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
    """

    name: str
    package: str
    efforts: Sequence[int]

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

    package = "indexer"

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


class PlainAnnoy:
    """Annoy over the unchanged vectors, as in the original system."""

    name, package, trees = "Annoy, 20 trees", "annoy", 20

    def build(self, held: Held) -> None:
        from annoy import AnnoyIndex

        number, width = held.rows.shape
        self.efforts = [self.trees * 50 * times for times in (1, 4, 16, 64)]
        self._own = number * width * 4
        self._file = held.folder / "plain.annoy"
        self._index = AnnoyIndex(width, "angular")
        self._index.set_seed(1)
        for row, vector in enumerate(held.rows):
            self._index.add_item(row, vector)
        self._index.build(self.trees, n_jobs=cores())
        self._effort = -1

    def look(self, effort: int) -> None:
        self._effort = effort

    def nearest(self, query: Vector, count: int) -> list[int]:
        found: list[int] = self._index.get_nns_by_vector(query, count, self._effort)
        return found

    def bytes(self) -> int:
        self._index.save(str(self._file))
        return self._file.stat().st_size - self._own


class BruteForce:
    """scikit-learn, which compares all vectors."""

    name, package, efforts = "scikit-learn, brute force", "sklearn", ()

    def build(self, held: Held) -> None:
        from sklearn.neighbors import NearestNeighbors

        self._index = NearestNeighbors(metric="cosine", algorithm="brute", n_jobs=1)
        self._index.fit(held.rows)

    def look(self, effort: int) -> None:
        raise NotImplementedError

    def nearest(self, query: Vector, count: int) -> Any:
        return self._index.kneighbors(query[None], count, return_distance=True)[1][0]

    def bytes(self) -> int:
        return 0


class Hnsw:
    """hnswlib with the settings from its README."""

    name, package, efforts = "hnswlib, M 16", "hnswlib", (50, 100, 200, 400, 800)

    def build(self, held: Held) -> None:
        import hnswlib

        number, width = held.rows.shape
        self._index = hnswlib.Index("ip", width)
        self._index.init_index(number, M=16, ef_construction=200, random_seed=1)
        self._index.add_items(held.rows, num_threads=cores())
        self._file, self._own = held.folder / "hnsw", number * width * 4

    def look(self, effort: int) -> None:
        self._index.set_ef(effort)

    def nearest(self, query: Vector, count: int) -> Any:
        return self._index.knn_query(query, count, num_threads=1)[0][0]

    def bytes(self) -> int:
        self._index.save_index(str(self._file))
        return self._file.stat().st_size - self._own


class FaissFlat:
    """faiss, which compares all vectors."""

    name, package, efforts = "faiss, flat", "faiss", ()

    def build(self, held: Held) -> None:
        import faiss

        faiss.omp_set_num_threads(cores())
        self._index: Any = self._new(faiss, held.rows)
        self._index.add(held.rows)
        faiss.omp_set_num_threads(1)

    def _new(self, faiss: Any, rows: Matrix) -> Any:
        return faiss.IndexFlatIP(rows.shape[1])

    def look(self, effort: int) -> None:
        self._index.nprobe = effort

    def nearest(self, query: Vector, count: int) -> Any:
        return self._index.search(query[None], count)[1][0]

    def bytes(self) -> int:
        return 0


class FaissIvf(FaissFlat):
    """faiss, with full vectors in as many cells as `cells` has."""

    name, efforts = "faiss, IVF", (4, 8, 16, 32, 64, 128, 256)

    def _new(self, faiss: Any, rows: Matrix) -> Any:
        number, width = rows.shape
        cells = int(3.2 * number**0.5)
        self._size = cells * width * 4 + number * 8
        index = faiss.IndexIVFFlat(
            faiss.IndexFlatIP(width), width, cells, faiss.METRIC_INNER_PRODUCT
        )
        index.train(rows)
        return index

    def bytes(self) -> int:
        return self._size


def finders() -> list[Finder]:
    """Return all of them, Magpie's first."""
    ours = [Ours(name) for name in ("cells", "annoy", "exact")]
    return [*ours, PlainAnnoy(), BruteForce(), Hnsw(), FaissFlat(), FaissIvf()]


def installed(finder: Finder) -> bool:
    """Tell whether the package is installed."""
    return find_spec(finder.package) is not None


def rows_of(found: Any) -> np.ndarray[Any, np.dtype[np.intp]]:
    """Return what an index found as row numbers."""
    return np.array([int(one.id) if isinstance(one, Neighbour) else one for one in found], np.intp)
