"""The index that lets Elasticsearch search, beyond what the contract asks of every index."""

import json
import secrets

import numpy as np
import pytest
from click.testing import CliRunner
from cloud_samples import INFO, clouds, photos
from test_neighbour_index_contract import recall

from indexer.errors import BadValue, NotFound, StoreAway
from indexer.neighbours import open_index
from indexer.neighbours.exact import ExactIndex
from indexer.records import StoreInfo
from indexer.run.linking import link
from indexer.stores import open_store
from indexer.stores.elasticsearch import indices as elasticsearch_index
from indexer.stores.elasticsearch import knn as elasticsearch_knn
from search.commands import main

COUNT = 400
IDS = [f"{number * 7919 % 10_007:032x}" for number in range(COUNT)]


@pytest.fixture(scope="module")
def store(elasticsearch_url):
    """Vectors long enough to be quantised, as those of networks are."""
    from elasticsearch import Elasticsearch

    name = f"magpie-test-{secrets.token_hex(6)}"
    store = open_store(f"{elasticsearch_url}/{name}")
    store.identity.create(StoreInfo("test", "0" * 64, 2 * elasticsearch_index.FEWEST_BITS))
    assert store.photos.put(photos(wide(COUNT), IDS)) == []
    store.refresh()
    yield store
    store.close()
    with Elasticsearch(elasticsearch_url) as client:
        for index in client.indices.get(index=f"{name}*", features="aliases"):
            client.indices.delete(index=index)


def wide(count, seed=0):
    """The clouds of the contract, seen through a layer into more dimensions."""
    layer = np.random.default_rng(9).standard_normal((24, 2 * elasticsearch_index.FEWEST_BITS))
    rows = np.maximum(clouds(count, seed) @ layer, 0)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize("count", [1, 10, 50])
def test_few_photos_are_found_as_surely_as_many(store, count):
    index = open_index("elasticsearch", store)
    assert recall(index, store, wide(8, seed=1), count) >= 0.999


def test_of_photos_that_are_alike_the_first_by_id_are_found(store):
    alike, ids = wide(1, seed=7), [f"{number:032x}" for number in range(20_007, 20_000, -1)]
    store.photos.put(photos(np.repeat(alike, len(ids), axis=0), ids))
    store.refresh()
    (found,) = open_index("elasticsearch", store).nearest(alike, 3)
    store.photos.delete(ids)
    store.refresh()
    assert [near.id for near in found] == sorted(ids)[:3]


def test_quantised_vectors_are_ranked_by_the_full_ones(store):
    index = open_index("elasticsearch", store)
    exact = {near.id: near.cosine for near in ExactIndex(store).nearest(wide(1, seed=2), COUNT)[0]}
    (found,) = index.nearest(wide(1, seed=2), 30)
    assert all(near.cosine == pytest.approx(exact[near.id], abs=1e-4) for near in found)


def test_no_vector_leaves_the_server_for_a_search(store):
    open_index("elasticsearch", store).nearest(wide(3, seed=3), 50)
    fresh = open_store(store.location)
    open_index("elasticsearch", fresh).nearest(wide(1, seed=4), 50)
    folder = fresh.derived("vectors.bin").parent
    before = {file: file.stat().st_mtime_ns for file in folder.glob("*")}
    store.photos.put(photos(wide(1, seed=5), ["e" * 32]))
    store.refresh()
    (found,) = open_index("elasticsearch", fresh).nearest(wide(1, seed=5), 1)
    assert found[0].id == "e" * 32
    assert {file: file.stat().st_mtime_ns for file in folder.glob("*")} == before
    store.photos.delete(["e" * 32])
    store.refresh()
    fresh.close()


def test_as_many_candidates_are_asked_for_as_the_server_allows(store):
    assert elasticsearch_knn.CANDIDATES * 9_000 > 10_000
    for count in (COUNT, 9_000, 20_000):
        assert len(open_index("elasticsearch", store).nearest(wide(1), count)[0]) == COUNT


def test_stored_lists_are_those_of_the_exact_index(store):
    link(store, open_index("elasticsearch", store))
    lists = dict(store.lists.read())
    assert link(store, ExactIndex(store)) == 0
    assert len(lists) == COUNT and all(len(near) == 50 for near in lists.values())


def test_status_tells_that_the_server_searches(store, monkeypatch):
    monkeypatch.setenv("MAGPIE_NEIGHBOURS", "elasticsearch")
    told = CliRunner().invoke(main, ["status", "--store", store.location])
    assert f"elasticsearch index of {COUNT}\n" in told.output
    told = CliRunner().invoke(main, ["status", "--store", store.location, "--json"])
    assert json.loads(told.stdout)["index"]["index"] == "elasticsearch"


def test_a_missing_store_is_one_line(elasticsearch_url):
    for url, error in ((f"{elasticsearch_url}/none-{secrets.token_hex(4)}", NotFound),
                       ("http://127.0.0.1:1/photos", StoreAway)):  # fmt: skip
        store = open_store(url)
        with pytest.raises(error):
            open_index("elasticsearch", store).nearest(clouds(1), 5)
        store.close()


def test_a_store_in_sqlite_refuses_it(open_home):
    store = open_home()
    store.identity.create(INFO)
    with pytest.raises(
        BadValue,
        match=r"cannot search sqlite:.*: name a store in Elasticsearch.* unset MAGPIE_NEIGHBOURS",
    ):
        open_index("elasticsearch", store)


@pytest.mark.parametrize("name, error", [("elasticsearch", "cannot search"), ("no", "unknown")])
def test_an_index_that_is_not_for_the_store_is_refused_before_anything_is_described(
    name, error, tmp_path, free_photos, monkeypatch
):
    monkeypatch.setenv("MAGPIE_NEIGHBOURS", name)
    done = CliRunner().invoke(
        main, ["index", str(free_photos[0].parent), "--store", f"sqlite:///{tmp_path}/p.db"]
    )
    assert done.exit_code == 1 and error in done.stderr
    assert done.stderr.count("\n") <= 2 and not (tmp_path / "p.db").exists()
