"""Stores of both layouts hold the same, and an earlier one stays what it was made as."""

import re
import sqlite3
from dataclasses import replace

import numpy as np
import pytest
from store_samples import DIMENSIONS, INFO, photos

from indexer import imagenet
from indexer.neighbours import open_index
from indexer.queries import Query
from indexer.run.linking import link
from indexer.stores import open_store
from indexer.stores.sqlite import database, schema, stored_rows
from indexer.stores.sqlite.layout import from_upper, to_upper

WNIDS = imagenet.classes()[:30]
MANY = photos(60, wnids=WNIDS, labels_each=10)
EVERYTHING = Query(weights={wnid: 1 + number / 7 for number, wnid in enumerate(WNIDS)}, limit=60)


@pytest.fixture(params=["now", "earlier"])
def layout(request, monkeypatch):
    if request.param == "earlier":
        older = re.sub(r",\s+layout INTEGER NOT NULL DEFAULT 2", "", schema.SCHEMA)
        monkeypatch.setattr(database, "SCHEMA", older.replace(" AUTOINCREMENT", ""))
    return request.param


@pytest.fixture
def path(tmp_path):
    return tmp_path / "photos.db"


@pytest.fixture
def store(layout, path, monkeypatch):
    """A store made in a layout, and opened by a Magpie of today."""
    store = open_store(f"sqlite:///{path}")
    store.identity.create(INFO)
    monkeypatch.undo()
    yield store
    store.close()


def held(path, what):
    connection = sqlite3.connect(path)
    found = connection.execute(what).fetchall()
    connection.close()
    return found


def test_photos_come_back_and_rank_the_same(store):
    assert store.photos.put(MANY) == []
    by_id = sorted(MANY, key=lambda photo: photo.id)
    for found, photo in zip(store.photos.scan(), by_id, strict=True):
        assert found == photo and np.array_equal(found.vector, photo.vector)
    vectors = store.photos.vectors()
    assert np.array_equal(vectors.take(), np.stack([photo.vector for photo in by_id]))
    scores = {
        photo.id: sum(
            float(np.float32(EVERYTHING.weights[wnid]) * np.float32(p)) for wnid, p in photo.labels
        )
        for photo in MANY
    }
    matches = store.ranking.search(EVERYTHING)
    assert [match.id for match in matches] == sorted(scores, key=lambda id: (-scores[id], id))
    assert matches[0].labels == dict(next(p for p in MANY if p.id == matches[0].id).labels)


def test_each_layout_keeps_its_own_bytes_when_photos_change(store, path, layout):
    store.photos.put(MANY[:3])
    (photo,) = store.photos.get([MANY[0].id]).values()
    changed = replace(photo, vector=MANY[9].vector, labels=MANY[9].labels)
    assert store.photos.put([changed]) == []
    number, label = (4, 6) if layout == "earlier" else (2, 4)
    lengths = held(
        path, "SELECT length(labels), length(vector) FROM photos JOIN vectors USING (key)"
    )
    assert lengths == [(10 * label, DIMENSIONS * number)] * 3


def test_a_key_never_gets_another_vector(store, path, layout):
    store.photos.put(MANY[:3])
    before, taken = store.photos.vectors(), store.photos.vectors().take()
    store.photos.delete([MANY[2].id])
    (photo,) = store.photos.get([MANY[1].id]).values()
    store.photos.put([replace(photo, vector=MANY[9].vector), MANY[4]])
    after = store.photos.vectors()
    assert after.file == before.file
    for id, row in zip(after.ids, after.row_of.tolist(), strict=True):
        expected = MANY[9] if id == MANY[1].id else next(p for p in MANY if p.id == id)
        assert np.array_equal(after.rows[row], expected.vector)
    assert np.array_equal(before.take(), taken)
    if layout == "now":
        assert {key for (key,) in held(path, "SELECT key FROM photos")} == {1, 4, 5}


def test_lists_are_those_of_a_full_rebuild(store):
    store.photos.put(MANY[:40])
    index = open_index("exact", store)
    link(store, index)
    store.photos.put(MANY[40:45])
    store.photos.delete([MANY[0].id])
    link(store, index)
    kept = dict(store.lists.read())
    store.lists.replace(dict.fromkeys(kept, ()))
    link(store, index)
    assert dict(store.lists.read()) == kept


@pytest.mark.parametrize("kept", [0, 10**9], ids=["read each time", "kept in memory"])
@pytest.mark.parametrize("layout", ["now"], indirect=True)
def test_rows_are_read_like_those_of_a_matrix(store, monkeypatch, kept):
    monkeypatch.setattr(stored_rows, "KEPT_BYTES", kept)
    monkeypatch.setattr(stored_rows, "BLOCK", 16)
    store.photos.put(MANY)
    rows, whole = store.photos.vectors().rows, np.stack([photo.vector for photo in MANY])
    assert len(rows) == 60 and rows.shape == whole.shape
    for part in (slice(None), slice(3, 50), slice(50, 3, -7), [5, 3, 3, 59], np.array([], int), 7):
        assert np.array_equal(rows[part], whole[part])
    assert np.allclose(rows @ whole[0], whole @ whole[0], atol=1e-6)
    store.photos.delete([MANY[5].id])
    store.photos.put(photos(3, seed=9))
    later = store.photos.vectors().rows
    assert len(later) == 63 and np.array_equal(later[58:60], whole[58:60])


def test_probabilities_keep_all_bits_that_they_have():
    numbers = imagenet.quantise(np.geomspace(1e-37, 1, 100_000).astype(np.float32))
    assert np.array_equal(from_upper(to_upper(numbers)), numbers)


@pytest.fixture
def other(tmp_path):
    other = open_store(f"sqlite:///{tmp_path}/other.db")
    other.identity.create(INFO)
    yield other
    other.close()


@pytest.mark.parametrize("layout", ["now"], indirect=True)
def test_packed_photos_are_those_that_scanning_gives(store, other):
    store.photos.put(MANY[:40])
    store.photos.put([replace(photo, labels=photo.labels[:3]) for photo in photos(5, seed=4)])
    pair = store.photos.packed(other.photos)
    assert pair.put(one._replace(version=None) for one in pair.source()) == []
    for one, its in zip(store.photos.scan(), other.photos.scan(), strict=True):
        assert one == its and np.array_equal(one.vector, its.vector)
    assert [one.content for one in pair.target()] == [one.content for one in pair.source()]
    (stale, *_) = pair.target()
    assert pair.put([stale._replace(version="7")])[0].conflict


def test_photos_are_not_packed_for_a_store_where_they_mean_something_else(store, other, layout):
    store.photos.put(MANY[:2])
    assert (store.photos.packed(other.photos) is None) == (layout == "earlier")
    other.photos.put(photos(1, seed=8))
    assert store.photos.packed(other.photos) is None
