"""Processes that die before one of their writes, as kill -9 lets them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from indexer.stores import Store


class Dead(BaseException):
    """What kill -9 is to a run; nothing but a test catches it."""


@contextmanager
def dying(store: Store, writes: int, names: Sequence[str]) -> Iterator[None]:
    """Raise `Dead` within in place of a write, when so many have been done.

    Args:
        store: whose writes count.
        writes: how many are done.
        names: what counts as a write, such as "photos.put".
    """
    left = iter(range(writes))

    def counted(write: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any) -> Any:
            if next(left, None) is None:
                raise Dead
            return write(*given)

        return call

    with pytest.MonkeyPatch.context() as patch:
        for part, name in (name.split(".") for name in names):
            owner = getattr(store, part)
            patch.setattr(owner, name, counted(getattr(owner, name)))
        yield
