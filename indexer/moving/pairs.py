"""Two ascending streams side by side, in memory that does not grow with them."""

from collections.abc import Callable, Iterator
from typing import TypeVar

T = TypeVar("T")


def pairs(
    wanted: Iterator[T], held: Iterator[T], key: Callable[[T], str]
) -> Iterator[tuple[str, T | None, T | None]]:
    """Yield each key with the item of `wanted` and that of `held`, of which one may be None.

    Args:
        wanted, held: in ascending order of `key`, each key once.
        key: what tells two items apart.
    """
    one, other = next(wanted, None), next(held, None)
    while one is not None or other is not None:
        first = min(key(item) for item in (one, other) if item is not None)
        mine = one if one is not None and key(one) == first else None
        theirs = other if other is not None and key(other) == first else None
        yield first, mine, theirs
        one = next(wanted, None) if mine is not None else one
        other = next(held, None) if theirs is not None else other
