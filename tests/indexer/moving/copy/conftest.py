"""Two stores for each direction in which a library can move."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from indexer.stores import Store, open_store

KINDS = ("sqlite", "elasticsearch")
DIRECTIONS = [(source, target) for source in KINDS for target in KINDS]


@pytest.fixture
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Make URLs of stores that do not exist yet; whatever is made there is removed afterwards."""
    numbers = count()

    def make(kind: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{tmp_path}/photos-{next(numbers)}.db"
        return f"{request.getfixturevalue('elasticsearch_store_url')}-{next(numbers)}"

    yield make


@pytest.fixture
def open_new(new_url: Callable[[str], str]) -> Iterator[Callable[[str], Store]]:
    """Open a store of a kind, or of a URL."""
    opened: list[Store] = []

    def make(kind: str) -> Store:
        opened.append(open_store(new_url(kind) if kind in KINDS else kind))
        return opened[-1]

    yield make
    for store in opened:
        store.close()


@pytest.fixture(params=DIRECTIONS, ids="-to-".join)
def urls(request: pytest.FixtureRequest, new_url: Callable[[str], str]) -> tuple[str, str]:
    """URLs of a source and a target in each direction; neither exists yet."""
    source, target = request.param
    return new_url(source), new_url(target)


@pytest.fixture
def stores(urls: tuple[str, str], open_new: Callable[[str], Store]) -> tuple[Store, Store]:
    """The stores of `urls`."""
    return open_new(urls[0]), open_new(urls[1])
