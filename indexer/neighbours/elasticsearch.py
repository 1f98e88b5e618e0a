"""Neighbours by Elasticsearch's own kNN search: for libraries that live in a cluster.

The machine that searches needs no copy of the vectors. Whole lists are computed by the machine that
indexes, which has a copy, because the server would have to be asked once for each photo.

The server takes vectors of nearly unit length as they are, and float16 numbers are no more than
that: its cosines are up to 1e-4 off those that the other indexes compute.
"""

from typing import TYPE_CHECKING

import numpy as np

from indexer.derived.vectors import Vectors
from indexer.errors import BadValue
from indexer.neighbours import About
from indexer.neighbours.approximate.index import whole_lists
from indexer.neighbours.comparing.cosines import Numbers, as_stored
from indexer.neighbours.comparing.lists import Lists
from indexer.records import Matrix, Neighbour, Vector
from indexer.stores import Store

if TYPE_CHECKING:
    from indexer.stores.elasticsearch.store import ElasticsearchStore


class ElasticsearchIndex:
    """Asks the store's server; there is nothing to build."""

    def __init__(self, store: "ElasticsearchStore") -> None:
        """Ask nothing yet."""
        self._store = store

    def nearest(self, queries: Matrix, count: int) -> list[tuple[Neighbour, ...]]:
        """Ask the server for the nearest photos, at most 10,000 for each query."""
        return [self._nearest(query, count) for query in queries]

    def _nearest(self, query: Vector, count: int) -> tuple[Neighbour, ...]:
        if not count:
            return ()
        pairs = self._store.knn.nearest(query, count)
        cosines = as_stored(np.array([near for _, near in pairs])).tolist()
        found = [Neighbour(id, near) for (id, _), near in zip(pairs, cosines, strict=True)]
        return tuple(sorted(found, key=lambda one: (-one.cosine, one.id)))

    def lists(self, vectors: Vectors, positions: Numbers, count: int) -> Lists:
        """Compute the lists on this machine."""
        return whole_lists(vectors, positions, count)

    def prepare(self) -> None:
        """There is nothing to build."""

    def about(self) -> About:
        """Tell that the server searches."""
        return About("elasticsearch", self._store.photos.count(), None)


def open_index(store: Store) -> ElasticsearchIndex:
    """Open the index of the store's server; nothing is asked yet.

    Raises:
        BadValue: the store is of another kind.
    """
    from indexer.stores.elasticsearch.store import ElasticsearchStore

    if not isinstance(store, ElasticsearchStore):
        raise BadValue(
            f"the neighbour index elasticsearch cannot search {store.location}: name a store in "
            "Elasticsearch, --store http://HOST:9200/NAME, or unset MAGPIE_NEIGHBOURS"
        )
    return ElasticsearchIndex(store)
