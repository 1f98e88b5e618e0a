"""Neighbours by Elasticsearch's own kNN: for libraries that live in a cluster.

Searches need no copy of the vectors on the machine that asks. Whole lists are computed by the
machine that indexes, which has one: the server would have to be asked for each photo.
"""

from typing import TYPE_CHECKING

import numpy as np

from indexer.derived.vectors import Vectors
from indexer.errors import BadValue
from indexer.neighbours import About
from indexer.neighbours.parts.approximate import whole_lists
from indexer.neighbours.parts.cosines import Numbers, as_stored
from indexer.neighbours.parts.lists import Lists
from indexer.records import Matrix, Neighbour, Vector
from indexer.stores import Store

if TYPE_CHECKING:
    from indexer.stores.elasticsearch.store import ElasticsearchStore


class ElasticsearchIndex:
    """Asks the server of the store; there is nothing to build."""

    def __init__(self, store: "ElasticsearchStore") -> None:
        """Ask nothing yet."""
        self._store = store

    def nearest(self, queries: Matrix, count: int) -> list[tuple[Neighbour, ...]]:
        """See `Index.nearest`; at most 10,000 each."""
        return [self._nearest(query, count) for query in queries]

    def _nearest(self, query: Vector, count: int) -> tuple[Neighbour, ...]:
        if not count:
            return ()
        pairs = self._store.knn.nearest(query, count)
        cosines = as_stored(np.array([near for _, near in pairs])).tolist()
        found = [Neighbour(id, near) for (id, _), near in zip(pairs, cosines, strict=True)]
        return tuple(sorted(found, key=lambda one: (-one.cosine, one.id)))

    def lists(self, vectors: Vectors, positions: Numbers, count: int) -> Lists:
        """See `Index.lists`."""
        return whole_lists(vectors, positions, count)

    def prepare(self) -> None:
        """Do nothing."""

    def about(self) -> About:
        """See `Index.about`."""
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
            "Elasticsearch, --store http://HOST:9200/NAME, or leave MAGPIE_NEIGHBOURS away"
        )
    return ElasticsearchIndex(store)
