"""Neighbours by Annoy's trees, as in the original system: see `parts.trees`."""

from indexer.neighbours.parts.approximate import ApproximateIndex
from indexer.neighbours.parts.trees import Trees
from indexer.stores import Store

EFFORTS = (5_000, 10_000, 20_000, 40_000, 80_000)
"""Photos to look at in the trees (Annoy's search_k): the fewest that find enough."""


def open_index(store: Store) -> ApproximateIndex:
    """Open the index by trees; a large store is read when it is first used."""
    return ApproximateIndex(store, "annoy", Trees, EFFORTS)
