"""Items, some at a time."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield lists of `size` items, the last one shorter, each read when it is asked for.

    As itertools.batched, which Python has from 3.12 on, but for lists.
    """
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
