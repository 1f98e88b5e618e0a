"""A small library of real photos that the tests of teaching may change as they like."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from indexer.stores import Store, open_store
from search.commands import main
from search.library import Library, open_library


@pytest.fixture
def home(indexed_photos: Path, tmp_path: Path) -> Path:
    """A copy of the store, the folder of the photos and one photo outside."""
    shutil.copy(indexed_photos / "photos.db", tmp_path)
    (tmp_path / "photos").symlink_to(indexed_photos / "photos")
    return tmp_path


@pytest.fixture
def outside(home: Path, free_photos: list[Path]) -> Path:
    """A photo that is not in the library."""
    shutil.copy(free_photos[-1], home)
    return home / free_photos[-1].name


@pytest.fixture
def url(home: Path) -> str:
    return f"sqlite:///{home}/photos.db"


@pytest.fixture
def library(url: str) -> Iterator[Library]:
    with open_library(url) as opened:
        yield opened


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """The store of the library, as another process would open it."""
    with closing(open_store(url)) as opened:
        yield opened


@pytest.fixture
def photo_id(store: Store) -> Callable[[str], str]:
    """The id of a photo of the library by its file name."""
    ids = {Path(photo.paths[0]).name: photo.id for photo in store.photos.scan()}
    return lambda name: ids[name]


@pytest.fixture
def magpie(url: str) -> Callable[..., Any]:
    """Run a command on the library; return its JSON, or the whole result where it failed."""

    def run(*words: str) -> Any:
        done = CliRunner().invoke(main, [*words, "--store", url, "--json"])
        return json.loads(done.stdout) if done.exit_code == 0 else done

    return run


@pytest.fixture
def place(request: pytest.FixtureRequest, url: str, store: Store) -> str:
    """The URL of a library that nobody has taught yet, in a store of the kind that is asked for."""
    if request.param == "sqlite":
        return url
    target: str = request.getfixturevalue("elasticsearch_store_url")
    with closing(open_store(target)) as made:
        made.identity.create(store.identity.info())
        photos = (replace(photo, version=None) for photo in store.photos.scan())
        assert made.photos.put(photos) == []
        made.refresh()
    return target
