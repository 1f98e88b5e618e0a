"""Items in batches."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield lists of `size` items, the last one maybe shorter; each is read when it is asked for.

    Like itertools.batched, which Python has from 3.12 on, but with lists.
    """
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
