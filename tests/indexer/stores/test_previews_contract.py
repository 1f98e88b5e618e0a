"""What every store promises of photos that are described by previews so far."""

from dataclasses import replace

import pytest
from store_samples import INFO, photos


@pytest.fixture
def held(store):
    """Three photos in a store, the second of which is described by its preview."""
    store.identity.create(INFO)
    first, second, third = photos(3)
    given = [first, replace(second, preview=True), third]
    assert store.photos.put(given) == []
    store.refresh()
    return given


def test_marked_photos_are_found_and_counted(store, held):
    marked = held[1]
    assert store.photos.previews() == {marked.id: marked.paths}
    assert store.counts().previews == 1
    found = store.photos.get(photo.id for photo in held)
    assert [found[photo.id].preview for photo in held] == [False, True, False]


def test_what_takes_their_place_has_no_mark(store, held):
    version = store.photos.get([held[1].id])[held[1].id].version
    assert store.photos.put([replace(held[1], preview=False, version=version)]) == []
    store.refresh()
    assert store.photos.previews() == {} and store.counts().previews == 0


def test_removed_ones_are_not_found(store, held):
    store.photos.delete([held[1].id])
    store.refresh()
    assert store.photos.previews() == {}
