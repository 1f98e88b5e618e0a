"""The fixture `store`: each store there is, empty. A new store needs a factory of its URLs here."""

import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from store_samples import INFO

from indexer import stores
from indexer.stores import Store, open_store


def sqlite_url(request: pytest.FixtureRequest) -> str:
    folder: Path = request.getfixturevalue("tmp_path")
    return f"sqlite:///{folder}/photos.db"


def elasticsearch_url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue("elasticsearch_store_url"))


FACTORIES: dict[str, Callable[[pytest.FixtureRequest], str]] = {
    "sqlite": sqlite_url,
    "elasticsearch": elasticsearch_url,
}


def store_names() -> list[str]:
    """All stores: the folders of indexer.stores."""
    return [module.name for module in pkgutil.iter_modules(stores.__path__) if module.ispkg]


@pytest.fixture(params=store_names())
def store_url(request: pytest.FixtureRequest) -> str:
    """The URL of a place for a store where there is none yet."""
    if request.param not in FACTORIES:
        pytest.fail(f"store {request.param!r} has no factory in tests/indexer/stores/conftest.py")
    return FACTORIES[request.param](request)


@pytest.fixture
def open_again(store_url: str) -> Iterator[Callable[[], Store]]:
    """Opens the store once more, as another process would."""
    opened: list[Store] = []

    def open_one() -> Store:
        opened.append(open_store(store_url))
        return opened[-1]

    yield open_one
    for store in opened:
        store.close()


@pytest.fixture
def store(open_again: Callable[[], Store]) -> Store:
    """An empty store for photos of `store_samples`."""
    store = open_again()
    store.identity.create(INFO)
    return store
