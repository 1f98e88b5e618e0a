"""A small library of real photos, described by the real network once a session, and stores."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.neighbours.approximate import index as approximate_index
from indexer.neighbours.approximate import view
from indexer.network.describer import Describer, open_describer
from indexer.network.options import NetworkOptions
from indexer.pipeline import Options, Report, index
from indexer.progress import Silence
from indexer.stores import Store, open_store


@pytest.fixture(scope="session")
def describer(networks: Path) -> Describer:
    """The default network, loaded once."""
    return open_describer(NetworkOptions(model="efficientnet_lite0"), None)


@pytest.fixture
def folder(tmp_path: Path, free_photos: list[Path]) -> Path:
    """A folder with five real photos."""
    home = tmp_path / "photos"
    home.mkdir()
    for photo in free_photos[:5]:
        shutil.copy(photo, home)
    return home


@pytest.fixture(params=["sqlite", "elasticsearch"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store of each kind that does not exist yet."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'photos.db'}"
    else:
        url = request.getfixturevalue("elasticsearch_store_url")
    opened = open_store(url)
    yield opened
    opened.close()


@pytest.fixture
def run(store: Store, folder: Path, describer: Describer) -> Callable[..., Report]:
    """Index the folder, or others, into the store."""

    def run_index(*folders: Path, prune: bool = False, exclude: tuple[str, ...] = ()) -> Report:
        options = Options(threads=2, prune=prune, exclude=exclude)
        return index(store, folders or [folder], lambda: describer, options, Silence())

    return run_index


@pytest.fixture
def few_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Approximate indexes build a base for a few hundred photos."""
    monkeypatch.setattr(approximate_index, "FEWEST", 300)
    monkeypatch.setattr(approximate_index, "FEWEST_LISTS", 1)
    monkeypatch.setattr(view, "MOST_NEW", 20)


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
