"""A small library whose photos differ in what filters ask for."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.stores import open_store
from search.library import Library, open_library

CAMERAS = ("Apple iPhone 7", "NIKON D90", None)
TIMES = ("2019-07-01T12:00:00", "2019-12-24T20:00:00", "2023-12-25T08:00:00", None)


@pytest.fixture(scope="module")
def filtered_url(tmp_path_factory: pytest.TempPathFactory, indexed_photos: Path) -> str:
    """The real photos, as if they were of several cameras, years and folders."""
    home = tmp_path_factory.mktemp("filtered")
    shutil.copy(indexed_photos / "photos.db", home)
    store = open_store(f"sqlite:///{home}/photos.db")
    changed = [
        replace(
            photo,
            camera=CAMERAS[number % len(CAMERAS)],
            captured=TIMES[number % len(TIMES)],
            modified="2022-05-01T12:00:00.000Z",
            paths=(f"/photos/{('Holiday', 'home')[number % 2]}/{Path(photo.paths[0]).name}",),
        )
        for number, photo in enumerate(store.photos.scan())
    ]
    assert store.photos.put(changed) == []
    store.close()
    return f"sqlite:///{home}/photos.db"


@pytest.fixture
def filtered(filtered_url: str) -> Iterator[Library]:
    with open_library(filtered_url) as library:
        yield library
