"""Fixtures for the neighbour engines."""

from collections.abc import Callable, Iterator

import pytest

from indexer.neighbours.parts import approximate
from indexer.stores import Store, open_store


@pytest.fixture
def few_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Approximate engines build a base for a few hundred photos."""
    monkeypatch.setattr(approximate, "FEWEST", 300)
    monkeypatch.setattr(approximate, "FEWEST_LISTS", 1)
    monkeypatch.setattr(approximate, "MOST_NEW", 20)


@pytest.fixture
def open_home(tmp_path) -> Iterator[Callable[[], Store]]:
    """Opens one SQLite store as a fresh process would."""
    opened: list[Store] = []

    def open_one() -> Store:
        opened.append(open_store(f"sqlite:///{tmp_path}/photos.db"))
        return opened[-1]

    yield open_one
    for store in opened:
        store.close()
