"""Neighbours by cells (see `parts.cells` and `parts.approximate`): the default."""

from indexer.neighbours.parts.approximate import ApproximateIndex
from indexer.neighbours.parts.cells import Cells
from indexer.stores import Store

EFFORTS = (8, 16, 24, 32, 48, 64, 80, 96, 112, 128, 160, 192, 256)
"""Cells to look into on average, of a thousand or so: the fewest that find enough."""


def open_index(store: Store) -> ApproximateIndex:
    """Open the index by cells; a large store is read when it is first used."""
    return ApproximateIndex(store, "cells", Cells, EFFORTS)
