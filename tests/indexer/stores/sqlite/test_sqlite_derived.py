"""The derived files beside a SQLite store: never wrong, whatever happens to them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_samples import INFO, photos

from indexer import imagenet
from indexer.queries import Query
from indexer.records import Neighbour
from indexer.stores import open_store
from indexer.stores.sqlite.labels import index as label_index
from indexer.stores.sqlite.labels.matrix import LabelMatrix

WNIDS = imagenet.classes()[:20]
EVERYTHING = Query(weights=dict.fromkeys(WNIDS, 1.0), limit=1000)
MANY = photos(40, wnids=WNIDS, labels_each=4)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "photos.db"


@pytest.fixture
def labels(path):
    return path.with_name("photos.db.labels")


@pytest.fixture
def vectors(path):
    return path.with_name("photos.db.vectors") / "vectors.bin"


@pytest.fixture
def opened(path):
    """Opens the store as a fresh process would."""
    stores = []

    def open_it():
        stores.append(open_store(f"sqlite:///{path}"))
        return stores[-1]

    yield open_it
    for store in stores:
        store.close()


@pytest.fixture
def store(opened):
    store = opened()
    store.identity.create(INFO)
    store.photos.put(MANY)
    store.ranking.search(EVERYTHING)
    store.photos.vectors()
    return store


def check(store):
    """Whatever lies beside the tables, the answers are those of the tables."""
    held = {photo.id: photo for photo in store.photos.scan()}
    assert {match.id for match in store.ranking.search(EVERYTHING)} == held.keys()
    vectors = store.photos.vectors()
    assert vectors.ids == tuple(held)
    for id, row in zip(vectors.ids, vectors.take(), strict=True):
        assert np.array_equal(row, held[id].vector)


def remove(file):
    file.unlink()


def empty(file):
    file.write_bytes(b"")


def cut(file):
    file.write_bytes(file.read_bytes()[:-100])


def garble(file):
    content = bytearray(file.read_bytes())
    content[-60:-40] = b"?" * 20
    file.write_bytes(content)


def spoil_the_beginning(file):
    content = bytearray(file.read_bytes())
    content[:300] = b"\xd2" * 300  # ids, which are not text then
    file.write_bytes(content)


@pytest.mark.parametrize("damage", [remove, empty, cut, garble, spoil_the_beginning])
def test_lost_and_damaged_files_are_made_anew(store, opened, labels, vectors, damage):
    damage(labels)
    damage(vectors)
    check(opened())
    assert LabelMatrix.load(labels)


def test_files_of_another_store_are_not_believed(store, opened, path, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    stranger = open_store(f"sqlite:///{other}/photos.db")
    stranger.identity.create(INFO)
    stranger.photos.put(photos(7, seed=7, wnids=WNIDS, labels_each=4))
    for name in ("photos.db.labels", "photos.db.vectors"):
        path.with_name(name).rename(other / name)
    check(stranger)
    stranger.close()
    check(opened())


def test_files_newer_than_a_restored_copy_are_not_believed(store, opened, path):
    store.close()
    copy = path.read_bytes()
    later = opened()
    later.photos.put(photos(5, seed=5, wnids=WNIDS, labels_each=4))
    later.photos.delete([MANY[0].id])
    later.photos.vectors()
    later.close()
    path.write_bytes(copy)
    check(opened())


def test_neighbours_and_moves_leave_derived_files_alone(store, labels, vectors):
    before = labels.stat(), vectors.stat()
    store.lists.replace({MANY[0].id: [Neighbour(MANY[1].id, 0.5)]})
    read = store.photos.get([MANY[2].id])[MANY[2].id]
    store.photos.put([replace(read, paths=("/moved.jpg",))])
    check(store)
    assert (labels.stat(), vectors.stat()) == before


def test_a_place_without_room_for_labels_still_searches(store, opened, labels):
    labels.unlink()
    (labels / "in the way").mkdir(parents=True)
    check(opened())


def test_few_new_photos_are_searched_without_a_new_file(store, labels):
    before = labels.stat()
    store.photos.put(photos(5, seed=5, wnids=WNIDS, labels_each=4))
    store.photos.delete([MANY[0].id])
    check(store)
    assert labels.stat() == before


def test_many_new_photos_are_folded_into_the_file(store, opened, labels):
    before = labels.stat().st_size
    count = label_index.RECENT_PHOTOS + 1
    store.photos.put(photos(count, seed=6, wnids=WNIDS, labels_each=4))
    store.ranking.search(EVERYTHING)
    assert labels.stat().st_size > before
    assert len(LabelMatrix.load(labels)[0].ids) == len(MANY) + count
    assert len(opened().ranking.search(replace(EVERYTHING, limit=5000))) == len(MANY) + count


steps = st.lists(
    st.tuples(st.sampled_from(["put", "delete", "change", "reopen"]), st.integers(0, 19)),
    max_size=25,
)


@settings(max_examples=25, deadline=None)
@given(steps=steps)
def test_any_sequence_of_writes_leaves_right_answers(tmp_path_factory, steps):
    url = f"sqlite:///{tmp_path_factory.mktemp('steps')}/photos.db"
    store = open_store(url)
    store.identity.create(INFO)
    for action, place in steps:
        id = MANY[place].id
        if action == "put":
            store.photos.put([MANY[place]])
        elif action == "delete":
            store.photos.delete([id])
        elif action == "change":
            new = {"vector": MANY[-1].vector, "labels": MANY[-1].labels}
            store.photos.put([replace(photo, **new) for photo in store.photos.get([id]).values()])
        else:
            check(store)
            store.close()
            store = open_store(url)
    check(store)
    store.close()
