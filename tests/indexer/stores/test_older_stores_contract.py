"""What every store promises when a mapping gets an optional field: older stores stay in use.

The field is the camera, as if there had been a Magpie without it.
"""

from dataclasses import replace

import numpy as np
import pytest
from store_samples import INFO, photos

import mappings
from indexer.errors import Conflict
from indexer.records import File, Neighbour, Query
from indexer.stores import open_store

BEFORE, NOW = 7, 8
"""Versions of the mapping of photos without and with the field."""

load = mappings.load


@pytest.fixture
def magpie(monkeypatch):
    """Makes this process a Magpie of some version of the mapping of photos."""

    def load_version(version, index):
        mapping = load(index)
        if index == "photos":
            mapping["_meta"]["version"] = version
            if version == BEFORE:
                del mapping["properties"]["camera"]
        return mapping

    def become(version, oldest):
        known = {"version": version, "oldest": oldest}
        for name, number in known.items():
            real = getattr(mappings, name)
            monkeypatch.setattr(
                mappings, name, lambda i, n=number, real=real: n if i == "photos" else real(i)
            )
        monkeypatch.setattr(mappings, "load", lambda index: load_version(version, index))

    return become


@pytest.fixture
def older(magpie, store_url):
    """The URL of a store of two photos that a Magpie without the field made."""
    magpie(BEFORE, oldest=BEFORE)
    store = open_store(store_url)
    store.identity.create(INFO)
    assert store.photos.put(photos(2)) == []
    store.files.put([File("/a.jpg", 1, 1, photo=photos(1)[0].id)])
    store.refresh()
    store.close()
    return store_url


@pytest.fixture
def opened(older, magpie):
    """The same store in a Magpie that has the field."""
    magpie(NOW, oldest=BEFORE)
    store = open_store(older)
    yield store
    store.close()


def test_an_older_store_opens_and_the_missing_field_reads_as_its_default(opened):
    assert opened.identity.info() == INFO
    found = {photo.id: photo for photo in opened.photos.scan()}
    for photo in photos(2):
        assert found[photo.id] == photo and found[photo.id].camera is None
        assert np.array_equal(found[photo.id].vector, photo.vector)
    assert len(opened.ranking.search(Query(boosts={photos(1)[0].id: 1.0}))) == 1


def test_whoever_only_searches_and_links_leaves_an_older_store_to_older_magpies(opened, magpie):
    one, two = photos(2)
    opened.lists.replace({one.id: [Neighbour(two.id, 0.5)]})
    read = opened.photos.get([two.id])[two.id]
    assert opened.photos.put([replace(read, paths=("/moved.jpg",))]) == []
    magpie(BEFORE, oldest=BEFORE)
    assert opened.identity.info() == INFO


def test_the_field_is_filled_as_photos_are_read_again(opened):
    one, two = photos(2)
    opened.identity.create(INFO)  # as each run does that describes photos
    read = opened.photos.get([one.id])[one.id]
    assert opened.photos.put([replace(read, camera="Canon EOS 5D")]) == []
    (new,) = photos(1, seed=1)
    assert opened.photos.put([replace(new, camera="Pentax K-1")]) == []
    opened.refresh()
    cameras = {photo.id: photo.camera for photo in opened.photos.scan()}
    assert cameras == {one.id: "Canon EOS 5D", two.id: None, new.id: "Pentax K-1"}
    opened.identity.create(INFO)  # changes nothing more
    assert opened.photos.get([one.id])[one.id].camera == "Canon EOS 5D"


def test_a_store_that_has_the_field_is_refused_by_a_magpie_that_would_lose_it(opened, magpie):
    opened.identity.create(INFO)
    magpie(BEFORE, oldest=BEFORE)
    for use in (opened.identity.info, lambda: opened.identity.create(INFO)):
        with pytest.raises(Conflict, match=f"version {NOW} .* reads only {BEFORE}") as refused:
            use()
        assert "\n" not in str(refused.value) and "--store" in str(refused.value)


def test_a_store_that_is_too_old_is_refused(older, magpie):
    magpie(NOW + 1, oldest=NOW)
    store = open_store(older)
    for use in (store.identity.info, lambda: store.identity.create(INFO)):
        with pytest.raises(Conflict, match=f"version {BEFORE} .* reads {NOW} to {NOW + 1}"):
            use()
    store.close()


@pytest.mark.parametrize("index", ["photos", "files", "feedback", "words", "searches"])
def test_a_mapping_opens_its_own_stores(index):
    assert 1 <= mappings.oldest(index) <= mappings.version(index)
    assert "oldest" not in mappings.load(index)["_meta"]
