"""What every neighbour index promises, tested on each; a new index file is tested too."""

from dataclasses import replace

import numpy as np
import pytest
from cloud_samples import INFO, by_hand, clouds, photos

from indexer.errors import BadValue
from indexer.neighbours import names, open_index
from indexer.stores import open_store

COUNT = 600
INEXACT = {"elasticsearch": 1e-4}
"""How far cosines may be off: the server takes vectors of nearly unit length as they are."""
IDS = [f"{number * 7919 % 10_007:032x}" for number in range(2 * COUNT)]


@pytest.fixture(params=names())
def name(request):
    return request.param


@pytest.fixture
def store(name, request, tmp_path):
    """A store of the kind that the index needs, with photos."""
    url = f"sqlite:///{tmp_path}/photos.db"
    if name == "elasticsearch":
        url = request.getfixturevalue("elasticsearch_store_url")
    store = open_store(url)
    store.identity.create(INFO)
    assert store.photos.put(photos(clouds(COUNT), IDS[:COUNT])) == []
    store.refresh()
    yield store
    store.close()


@pytest.fixture
def index(name, store, few_are_enough):
    index = open_index(name, store)
    index.prepare()
    return index


def recall(index, store, queries, count=50):
    found = index.nearest(queries, count)
    true = [{id for _, id in by_hand(store, query)[:count]} for query in queries]
    return np.mean([len(t & {n.id for n in f}) / count for t, f in zip(true, found, strict=True)])


def test_it_finds_nearly_all_true_neighbours(index, store):
    assert recall(index, store, clouds(40, seed=1)) >= 0.98


def test_cosines_are_exact_and_lists_are_in_order(index, store, name):
    query = clouds(1, seed=2)[0]
    cosines = {id: -cosine for cosine, id in by_hand(store, query)}
    (found,) = index.nearest(query[None], 30)
    assert len(found) == 30
    assert [(-near.cosine, near.id) for near in found] == sorted(
        (-near.cosine, near.id) for near in found
    )
    close = INEXACT.get(name, 2e-6)
    assert all(near.cosine == pytest.approx(cosines[near.id], abs=close) for near in found)


def test_a_photo_of_the_library_finds_itself_first(index, store):
    (photo,) = store.photos.get([IDS[5]]).values()
    near = index.nearest(photo.vector[None], 3)[0][0]
    assert (near.id, near.cosine) == (IDS[5], pytest.approx(1, abs=2e-6))


def test_asking_for_more_than_there_are_gives_all(index, store):
    assert len(index.nearest(clouds(1, seed=3), COUNT + 50)[0]) == COUNT


def test_asking_for_nothing_gives_nothing(index):
    assert index.nearest(clouds(1), 0) == [()]
    assert index.nearest(clouds(0), 5) == []


def test_a_photo_that_comes_is_found_at_once(index, store):
    query = clouds(1, seed=4)
    store.photos.put(photos(query, ["f" * 32]))
    store.refresh()
    assert index.nearest(query, 1)[0][0].id == "f" * 32


def test_a_photo_that_leaves_is_no_longer_found(index, store):
    query = clouds(1, seed=5)
    gone = [near.id for near in index.nearest(query, 5)[0]]
    store.photos.delete(gone)
    store.refresh()
    found = [near.id for near in index.nearest(query, 50)[0]]
    assert len(found) == 50 and not set(found) & set(gone)


def test_a_photo_that_changes_is_found_where_it_is_now(index, store, name):
    here, there = clouds(2, seed=6)
    (photo,) = store.photos.get([index.nearest(here[None], 1)[0][0].id]).values()
    assert store.photos.put([replace(photo, vector=there)]) == []
    store.refresh()
    assert index.nearest(there[None], 1)[0][0].id == photo.id
    (near,) = (near for near in index.nearest(here[None], COUNT)[0] if near.id == photo.id)
    stored = store.photos.get([photo.id])[photo.id].vector  # rounded to float16
    assert near.cosine == pytest.approx(float(here @ stored), abs=INEXACT.get(name, 2e-6))


def test_it_stays_good_while_many_come_and_go(index, store):
    queries = clouds(20, seed=7)
    for start in range(COUNT, 2 * COUNT, 150):
        store.photos.put(photos(clouds(150, seed=start), IDS[start : start + 150]))
        store.photos.delete(IDS[start - COUNT : start - COUNT + 50])
        store.refresh()
        assert recall(index, store, queries) >= 0.98


def test_an_empty_library_has_no_neighbours(index, store):
    store.photos.delete(IDS)
    store.refresh()
    assert index.nearest(clouds(1), 5) == [()]


def test_whole_lists_hold_nearly_all_true_neighbours_and_never_the_photo(index, store):
    vectors = store.photos.vectors()
    positions = np.arange(0, COUNT, 3)
    lists = index.lists(vectors, positions, 40)
    true = vectors.take() @ vectors.take(positions).T
    hits = []
    for column, position in enumerate(positions):
        assert position not in lists.near[column] and lists.near[column].min() >= 0
        order = np.argsort(-true[:, column], kind="stable")
        hits.append(np.isin(order[order != position][:40], lists.near[column]).mean())
        expected = np.round(true[lists.near[column], column] * 1e6)
        assert np.abs(lists.millionths[column] - expected).max() <= 2
    assert np.mean(hits) >= 0.98


def test_it_tells_what_it_is(index, name):
    about = index.about()
    assert about.index in (name, "exact") and about.photos == COUNT
    assert about.recall is None or about.recall >= 0.98
    assert (name in ("exact", "elasticsearch")) == (not about.parameters)


def test_it_can_be_opened_before_there_is_a_store(name, request, tmp_path):
    url = f"sqlite:///{tmp_path}/none.db"
    if name == "elasticsearch":
        url = request.getfixturevalue("elasticsearch_store_url")
    store = open_store(url)
    open_index(name, store)
    assert store.identity.info() is None
    store.close()


def test_an_unknown_index_is_named_with_those_that_exist(open_home):
    known = "annoy, cells, elasticsearch, exact$"
    for name in ("nearest", "approximate", "comparing"):  # the last two are folders, not indexes
        with pytest.raises(BadValue, match=f"unknown neighbour index '{name}': use one of {known}"):
            open_index(name, open_home())
