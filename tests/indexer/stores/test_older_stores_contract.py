"""What every store promises when a mapping gets an optional field: older stores stay in use.

The field is the camera, as if there had been a Magpie without it.
"""

import re
from dataclasses import replace

import numpy as np
import pytest
from store_samples import INFO, photos

import mappings
from indexer.errors import Conflict
from indexer.filters import AtPlace, Forbidden, Near, Required
from indexer.kinds import Order
from indexer.queries import Query
from indexer.records import File, LeftOut, LinkCounts, LinksOut, Neighbour
from indexer.stores import open_store
from indexer.stores.sqlite import database, files, schema

BEFORE, NOW = 7, 8
"""Versions of the mapping of photos without and with the field."""

NUMBERS = ("changed_ns", "inode", "device", "refused_by")
"""Fields of files that the first Magpies did not know."""

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
def magpie_of_files(monkeypatch):
    """Makes this process a Magpie that knows the first fields of files alone, until `undo`."""

    def load_older(index):
        mapping = load(index)
        if index == "files":
            mapping["_meta"]["version"] = 1
            for name in ("folder", "ending", "left_out", "leads_to", "links", "root", *NUMBERS):
                del mapping["properties"][name]
        return mapping

    older = re.sub(r",\s+changed_ns INTEGER,.*?refused_by TEXT", "", schema.SCHEMA, flags=re.S)
    assert older != schema.SCHEMA
    monkeypatch.setattr(database, "SCHEMA", older)
    monkeypatch.setattr(mappings, "load", load_older)
    real = mappings.version
    monkeypatch.setattr(mappings, "version", lambda i: 1 if i == "files" else real(i))
    return monkeypatch


@pytest.fixture
def store_of_older_files(magpie_of_files, store_url):
    """An empty store that such a Magpie made, in a Magpie of today."""
    store = open_store(store_url)
    store.identity.create(INFO)
    magpie_of_files.undo()
    yield store
    store.close()


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


def test_an_older_store_remembers_what_is_left_out(store_of_older_files):
    store = store_of_older_files
    store.files.put([File("/a.jpg", 1, 1, photo=photos(1)[0].id)])
    store.refresh()
    assert store.files.left_out.read() == [] and store.counts().left_out == {}
    store.files.left_out.put([LeftOut("/photos", ".mp4", 2)])
    store.refresh()
    assert store.files.left_out.read() == [LeftOut("/photos", ".mp4", 2)]
    assert store.counts().left_out == {".mp4": 2} and store.counts().files == 1


def test_an_older_store_remembers_links_that_lead_out(store_of_older_files):
    store = store_of_older_files
    assert store.files.links_out.read() == [] and store.counts().links_out == LinkCounts()
    store.files.links_out.put([LinksOut("/photos", "/mnt/disk", 2)])
    store.refresh()
    assert store.files.links_out.read() == [LinksOut("/photos", "/mnt/disk", 2)]
    assert store.counts().links_out == LinkCounts(2, 1, {"/mnt/disk": 2})
    assert store.counts().files == 0


def test_an_older_store_holds_the_numbers_of_files_once_they_are_written(
    magpie_of_files, store_url, monkeypatch
):
    older = File("/a.jpg", 1, 1, photo=photos(1)[0].id)
    with monkeypatch.context() as of_then:
        if store_url.startswith("sqlite"):
            of_then.setattr(files, "COLUMNS", files.COLUMNS[:5])
        store = open_store(store_url)
        store.identity.create(INFO)
        store.files.put([older])
        store.refresh()
        store.close()
    magpie_of_files.undo()
    store = open_store(store_url)
    assert list(store.files.read()) == [older]
    now = [replace(older, changed_ns=3, inode=4, device=5), File("/b.jpg", 1, 1, reason="empty")]
    store.files.put(now)
    store.refresh()
    assert list(store.files.read()) == now
    assert store.identity.info() == INFO
    store.close()


def test_an_older_store_remembers_indexed_folders(store_of_older_files):
    store = store_of_older_files
    assert store.files.roots() == []
    store.files.put_roots(["/photos"])
    store.refresh()
    assert store.files.roots() == ["/photos"]


@pytest.mark.parametrize("index", ["photos", "files", "feedback", "words", "searches"])
def test_a_mapping_opens_its_own_stores(index):
    assert 1 <= mappings.oldest(index) <= mappings.version(index)
    assert "oldest" not in mappings.load(index)["_meta"]


def test_a_store_without_places_is_filtered_counted_and_gets_them(store_url, monkeypatch):
    def load_older(index):
        mapping = load(index)
        if index == "photos":
            mapping["_meta"]["version"] -= 1
            del mapping["properties"]["location"], mapping["properties"]["place"]
        return mapping

    with monkeypatch.context() as of_then:
        of_then.setattr(mappings, "load", load_older)
        store = open_store(store_url)
        store.identity.create(INFO)
        assert store.photos.put(photos(2)) == []
        store.refresh()
        store.close()
    store = open_store(store_url)
    every = Query(order=Order.NEWEST, everything=True)
    here, there = Near(38.7, -9.1, 10), AtPlace("lisbon")
    for condition in (here, there):
        assert store.ranking.search(replace(every, filters=(Required((condition,)),))) == []
        assert len(store.ranking.search(replace(every, filters=(Forbidden(condition),)))) == 2
    counted = store.ranking.facets(every)
    assert (counted.photos, counted.placeless, counted.places) == (2, 2, {})
    store.identity.create(INFO)  # as each run does that describes photos
    (new,) = photos(1, seed=1)
    placed = replace(new, location=(38.713911, -9.139422), place="Lisbon, Lisbon, Portugal")
    assert store.photos.put([placed]) == []
    store.refresh()
    for condition in (here, there):
        (match,) = store.ranking.search(replace(every, filters=(Required((condition,)),)))
        assert (match.id, match.place) == (new.id, placed.place)
    assert store.photos.get([new.id])[new.id] == placed
    store.close()
