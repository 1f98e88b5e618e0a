"""All vectors of a library as one memory-mapped matrix beside the store (a derived file)."""

from dataclasses import dataclass

from indexer.records import Matrix


@dataclass(frozen=True, slots=True)
class Vectors:
    """All vectors of a library: `rows[i]` belongs to `ids[i]`; ids in ascending order.

    Attributes:
        ids: photo ids, length n.
        rows: float32, shape (n, d), rows of L2 norm 1.
    """

    ids: tuple[str, ...]
    rows: Matrix
