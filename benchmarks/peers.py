"""Indexes of other libraries, as their own documentation sets them up.

Each of these is a `Finder` (see benchmarks/finders.py), whose functions say what is expected.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from indexer.neighbours.comparing.scanning import cores
from indexer.records import Matrix, Vector

if TYPE_CHECKING:
    from benchmarks.finders import Held

CONNECTED, BUILT_WITH = 16, 200
"""Links per point of a graph, and points looked at to find them (M and ef_construction): as in the
README of hnswlib. All graphs get the same."""

GRAPH_EFFORTS = (50, 100, 150, 200, 300, 400, 800)


class PlainAnnoy:
    """Annoy over the unchanged vectors, as in the original system."""

    name, package, tuned, trees = "Annoy, 20 trees", "annoy", False, 20

    def build(self, held: "Held") -> None:
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

    name, package, efforts, tuned = "scikit-learn, brute force", "sklearn", (), False

    def build(self, held: "Held") -> None:
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
    """hnswlib."""

    name, package, efforts, tuned = "hnswlib", "hnswlib", GRAPH_EFFORTS, True

    def build(self, held: "Held") -> None:
        import hnswlib

        number, width = held.rows.shape
        self._index: Any = hnswlib.Index("ip", width)
        self._index.init_index(number, M=CONNECTED, ef_construction=BUILT_WITH, random_seed=1)
        self._index.add_items(held.rows, num_threads=cores())
        self._file, self._own = held.folder / "hnsw", number * width * 4

    def look(self, effort: int) -> None:
        self._index.set_ef(effort)

    def nearest(self, query: Vector, count: int) -> Any:
        return self._index.knn_query(query, count, num_threads=1)[0][0]

    def bytes(self) -> int:
        self._index.save_index(str(self._file))
        return self._file.stat().st_size - self._own


class Voyager:
    """voyager, which grew from hnswlib."""

    name, package, efforts, tuned = "voyager", "voyager", GRAPH_EFFORTS, True

    def build(self, held: "Held") -> None:
        import voyager

        number, width = held.rows.shape
        self._index: Any = voyager.Index(
            voyager.Space.Cosine,
            width,
            M=CONNECTED,
            ef_construction=BUILT_WITH,
            random_seed=1,
            max_elements=number,
        )
        self._index.add_items(held.rows, num_threads=cores())
        self._file, self._own = held.folder / "voyager", number * width * 4

    def look(self, effort: int) -> None:
        self._effort = effort

    def nearest(self, query: Vector, count: int) -> Any:
        return self._index.query(query, count, num_threads=1, query_ef=self._effort)[0]

    def bytes(self) -> int:
        self._index.save(str(self._file))
        return self._file.stat().st_size - self._own


class Usearch:
    """usearch, with the vectors in float32 as in the other graphs."""

    name, package, efforts, tuned = "usearch", "usearch", GRAPH_EFFORTS, True

    def build(self, held: "Held") -> None:
        from usearch.index import Index

        number, width = held.rows.shape
        self._index: Any = Index(
            ndim=width,
            metric="ip",
            dtype="f32",
            connectivity=CONNECTED,
            expansion_add=BUILT_WITH,
        )
        self._index.add(np.arange(number), held.rows, threads=cores())
        self._own = number * width * 4

    def look(self, effort: int) -> None:
        self._index.expansion_search = effort

    def nearest(self, query: Vector, count: int) -> Any:
        return self._index.search(query, count, threads=1).keys

    def bytes(self) -> int:
        return int(self._index.serialized_length) - self._own


class FaissFlat:
    """faiss, which compares all vectors."""

    name, package, efforts, tuned = "faiss, flat", "faiss", (), False

    def build(self, held: "Held") -> None:
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

    name, efforts, tuned = "faiss, IVF", (4, 8, 16, 32, 64, 128, 256), True

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
