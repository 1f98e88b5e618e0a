"""Exact neighbours: compares with every photo. For small libraries, and to check other indexes."""

from indexer.derived.vectors import Vectors
from indexer.neighbours import About
from indexer.neighbours.comparing.cosines import Numbers, best
from indexer.neighbours.comparing.lists import Lists, exact_lists
from indexer.neighbours.comparing.scanning import Scan
from indexer.records import Matrix, Neighbour
from indexer.stores import Store


class ExactIndex:
    """Compares every query with every photo; there is nothing to build."""

    def __init__(self, store: Store) -> None:
        """Read nothing yet."""
        self._store = store

    def nearest(self, queries: Matrix, count: int) -> list[tuple[Neighbour, ...]]:
        """Compare each query with all photos."""
        return exact_nearest(self._store.photos.vectors(), queries, count)

    def lists(self, vectors: Vectors, positions: Numbers, count: int) -> Lists:
        """Compare each of the photos with all others."""
        return exact_lists(vectors, positions, count)

    def prepare(self) -> None:
        """There is nothing to build."""

    def about(self) -> About:
        """Tell that all photos are compared."""
        return About("exact", self._store.photos.count(), 1.0)


def exact_nearest(vectors: Vectors, queries: Matrix, count: int) -> list[tuple[Neighbour, ...]]:
    """Return the nearest photos of each query, as `Index.nearest` does."""
    found: list[tuple[Neighbour, ...]] = [()] * len(queries)

    def use(number: int, rows: Numbers) -> None:
        found[number] = ranked(vectors, queries[number], rows, count)

    if count and len(vectors):
        Scan(vectors.rows, vectors.row_of).propose(queries, count, use)
    return found


def ranked(vectors: Vectors, query: Matrix, rows: Numbers, count: int) -> tuple[Neighbour, ...]:
    """Return the nearest of some rows, all of which are of photos in the library."""
    positions, cosines = best(query, vectors.rows[rows], vectors.position_of[rows], count)
    names = vectors.names[positions].tolist()
    pairs = zip(names, cosines.tolist(), strict=True)
    return tuple(Neighbour(name.decode(), cosine) for name, cosine in pairs)


def open_index(store: Store) -> ExactIndex:
    """Open the exact index; costs nothing."""
    return ExactIndex(store)
