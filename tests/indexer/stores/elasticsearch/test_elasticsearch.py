"""What is special about the Elasticsearch store; test_store_*.py has what all stores promise."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import elasticsearch
import elasticsearch_server
import numpy as np
import pytest
from renewal_samples import fill_next
from store_samples import DIMENSIONS, INFO, photos

import mappings
from indexer import imagenet
from indexer.derived.locations import cache_folder
from indexer.errors import BadValue, Conflict, StoreAway
from indexer.filters import ExcludedLabels, ExcludedPhotos
from indexer.kinds import Order
from indexer.queries import Query
from indexer.records import File, Label
from indexer.stores import open_store
from indexer.stores.elasticsearch import bulk as elasticsearch_bulk
from indexer.stores.elasticsearch.reader import IndexReader

WNIDS = imagenet.classes()[:30]


@pytest.fixture
def store(elasticsearch_store_url):
    store = open_store(elasticsearch_store_url)
    store.identity.create(INFO)
    yield store
    store.close()


@pytest.fixture
def client(elasticsearch_url):
    with elasticsearch.Elasticsearch(elasticsearch_url) as client:
        yield client


@pytest.fixture
def name(elasticsearch_store_url):
    return elasticsearch_store_url.rpartition("/")[2]


def test_all_indices_stand_behind_aliases(store, client, name):
    aliases = client.indices.get_alias(index=f"{name}*")
    assert {index: list(entry["aliases"]) for index, entry in aliases.items()} == {
        f"{name}-1": [name],
        f"{name}-files-1": [f"{name}-files"],
        f"{name}-feedback-1": [f"{name}-feedback"],
        f"{name}-searches-1": [f"{name}-searches"],
        f"{name}-words-1": [f"{name}-words"],
    }


def test_the_alias_can_be_moved_to_another_index(store, client, name):
    store.photos.put(photos(1))
    made = client.indices.get(index=f"{name}-1")[f"{name}-1"]
    client.indices.create(index=f"{name}-2", mappings=made["mappings"])
    move = [
        {"remove": {"index": f"{name}-1", "alias": name}},
        {"add": {"index": f"{name}-2", "alias": name}},
    ]
    client.indices.update_aliases(actions=move)
    assert store.identity.info() == INFO
    assert store.photos.vectors().ids == ()
    assert store.photos.put(photos(2)) == []
    assert len(store.photos.get(photo.id for photo in photos(2))) == 2


def test_the_index_says_what_made_it_and_updates_keep_vectors_and_labels(store, client, name):
    mapping = client.indices.get_mapping(index=name)[f"{name}-1"]["mappings"]
    assert mapping["dynamic"] == "strict"
    assert mapping["_meta"]["version"] == mappings.version("photos")
    assert mapping["_meta"]["model"] == INFO.model
    assert mapping["_meta"]["weights"] == INFO.weights
    assert mapping["properties"]["vector"]["dims"] == DIMENSIONS
    many = photos(20)
    store.photos.put(many)
    store.lists.replace({photo.id: photo.neighbours[:1] for photo in many})
    kept = store.photos.get(photo.id for photo in many)
    for photo in many:
        assert np.array_equal(kept[photo.id].vector, photo.vector)
        assert kept[photo.id].labels == photo.labels
    settings = client.indices.get_settings(index=name, flat_settings=True)[f"{name}-1"]["settings"]
    excludes = settings.get("index.mapping.exclude_source_vectors")
    plain = client.get(index=name, id=many[0].id)["_source"]
    assert excludes == ("true" if is_new(client) else None)
    assert ("vector" in plain) == ("labels" in plain) == (not is_new(client))


def is_new(client):
    """Whether the server is a 9.x, which can keep vectors apart from the source."""
    (node,) = client.nodes.info(filter_path="nodes.*.version")["nodes"].values()
    return not node["version"].startswith("8.")


@pytest.mark.parametrize("excludes", [None, True, False])
def test_photos_in_an_index_that_somebody_else_made_are_read(store, client, name, excludes):
    if excludes is not None and not is_new(client):
        pytest.skip("8.19 keeps all vectors in the source")
    made = client.indices.get(index=f"{name}-1")[f"{name}-1"]
    given = {} if excludes is None else {"mapping.exclude_source_vectors": excludes}
    client.indices.create(index=f"{name}-9", mappings=made["mappings"], settings=given)
    move = [
        {"remove": {"index": f"{name}-1", "alias": name}},
        {"add": {"index": f"{name}-9", "alias": name}},
    ]
    client.indices.update_aliases(actions=move)
    (photo,) = photos(1)
    store.photos.put([photo])
    store.refresh()
    (scanned,), got = store.photos.scan(), store.photos.get([photo.id])[photo.id]
    assert scanned.labels == got.labels == photo.labels
    assert np.array_equal(store.photos.vectors().take()[0], photo.vector)
    weights = {label.wnid: 1.0 for label in photo.labels}
    assert [match.id for match in store.ranking.search(Query(weights=weights))] == [photo.id]


def test_a_document_without_a_vector_is_named_in_one_line(store, client, name):
    (photo,) = photos(1)
    client.index(index=name, id=photo.id, document={"id": photo.id}, refresh=True)
    with pytest.raises(Conflict, match=f"the photo {photo.id} has no vector: "):
        store.photos.get([photo.id])
    with pytest.raises(Conflict, match="has no vector"):
        list(store.photos.scan())


@pytest.mark.parametrize("index", ["photos", "files"])
def test_fields_that_the_mapping_does_not_have_are_refused(store, client, name, index):
    alias = {"photos": name, "files": f"{name}-files"}[index]
    with pytest.raises(elasticsearch.BadRequestError, match="strict_dynamic_mapping"):
        client.index(index=alias, document={"title": "a zebra"})


def test_plain_queries_of_other_people_find_photos(store, client, name):
    many = photos(30)
    store.photos.put(many)
    store.refresh()
    labels = {"term": {"label_names": imagenet.name(many[0].labels[0].wnid)}}
    assert many[0].id in {
        hit["_id"] for hit in client.search(index=name, query=labels)["hits"]["hits"]
    }
    near = {"field": "vector", "query_vector": many[3].vector.tolist(), "k": 1}
    hits = client.search(index=name, knn={**near, "num_candidates": 10})["hits"]["hits"]
    assert [hit["_id"] for hit in hits] == [many[3].id]


def test_another_mapping_version_is_refused_with_both_numbers(store, client, name):
    meta = {"version": 99, "model": "m", "weights": "w", "dimensions": DIMENSIONS}
    client.indices.put_mapping(index=name, meta=meta)
    known = f"{mappings.oldest('photos')} to {mappings.version('photos')}"
    with pytest.raises(Conflict, match=f"version 99 of its photos, .* reads {known}"):
        store.identity.info()
    with pytest.raises(Conflict, match="--store"):
        store.identity.create(INFO)


def test_an_index_of_somebody_else_is_left_alone(elasticsearch_store_url, client, name):
    client.indices.create(index=name)
    store = open_store(elasticsearch_store_url)
    with pytest.raises(Conflict, match="not made by Magpie"):
        store.identity.create(INFO)
    store.close()
    assert list(client.indices.get(index=f"{name}*")) == [name]


def test_an_index_without_the_alias_is_left_alone(elasticsearch_store_url, client, name):
    client.indices.create(index=f"{name}-1")
    store = open_store(elasticsearch_store_url)
    with pytest.raises(Conflict, match=f"index {name}-1 already .* choose another name"):
        store.identity.create(INFO)
    store.close()


def test_file_records_that_somebody_deleted_are_none_and_can_be_written_again(store, client, name):
    client.indices.delete(index=f"{name}-files-1")
    store.refresh()
    assert list(store.files.read()) == [] and store.size() > 0
    store.identity.create(INFO)
    store.files.put([File("/photos/1.jpg", 1, 1, "0" * 32)])
    store.refresh()
    assert len(list(store.files.read())) == 1


def test_probabilities_that_elasticsearch_refuses_are_dropped(store):
    (photo,) = photos(1)
    tiny = (Label(WNIDS[0], 0.5), Label(WNIDS[1], 2.0**-126), Label(WNIDS[2], 2.0**-127))
    zero = Label(WNIDS[3], 0.0)
    assert store.photos.put([replace(photo, labels=(*tiny, zero))]) == []
    assert store.photos.get([photo.id])[photo.id].labels == tiny[:2]


def test_paths_longer_than_a_document_id_are_kept(store):
    long = [File("/" + "ü" * 2000 + str(number), 1, 1, reason="bad") for number in range(2)]
    store.files.put(long)
    store.refresh()
    assert list(store.files.read()) == long
    store.files.delete([long[0].path])
    store.refresh()
    assert list(store.files.read()) == long[1:]


def test_reasons_of_failures_name_the_wrong_value(store):
    (photo,) = photos(1)
    (failure,) = store.photos.put([replace(photo, modified="yesterday")])
    assert "yesterday" in failure.reason


def test_bodies_are_bounded_and_larger_items_go_alone(monkeypatch):
    monkeypatch.setattr(elasticsearch_bulk, "BODY_BYTES", 100)
    actions = [elasticsearch_bulk.Action(str(size), {}, "x" * size) for size in (40, 60, 1, 500, 7)]
    chunks = [[action.id for action in chunk] for chunk in elasticsearch_bulk._chunks(actions)]
    assert chunks == [["40", "60"], ["1"], ["500"], ["7"]]


# --- ranking


def random_query(random, ids):
    """A query with all parts, weights of many magnitudes, and few levels of boosts."""
    labels = random.choice(WNIDS, random.integers(1, 20), replace=False)
    return Query(
        weights={wnid: float(random.uniform(0.01, 1) ** 3) for wnid in labels.tolist()},
        boosts={id: float(random.choice([0, 0.1, 2.7])) for id in random.choice(ids, 9).tolist()},
        damping={id: float(random.choice([0, 0.3, 1])) for id in random.choice(ids, 30).tolist()},
        filters=(
            ExcludedPhotos(frozenset(random.choice(ids, 5).tolist())),
            ExcludedLabels(dict.fromkeys(WNIDS[:3], 0.8), 0.2),
        ),
        limit=200,
    )


def test_both_stores_rank_alike_to_the_last_bit(store, tmp_path):
    other = open_store(f"sqlite:///{tmp_path}/photos.db")
    other.identity.create(INFO)
    library = photos(150, seed=8, wnids=WNIDS, labels_each=8)
    for each in (store, other):
        each.photos.put(library)
        each.refresh()
    random = np.random.default_rng(1)
    for _ in range(40):
        query = random_query(random, [photo.id for photo in library])
        found = store.ranking.search(query)
        assert found == other.ranking.search(query)
        ids = [match.id for match in found]
        assert store.ranking.ids(query) == other.ranking.ids(query) == ids
        listed = replace(query, order=Order.NEWEST)
        ids = [match.id for match in store.ranking.search(listed)]
        assert store.ranking.ids(listed) == other.ranking.ids(listed) == ids
    other.close()


def test_more_ids_than_one_clause_holds_are_all_excluded(store):
    random = np.random.default_rng(2)
    kept, *others = photos(50, wnids=WNIDS, labels_each=20)
    store.photos.put([kept, *others])
    store.refresh()
    crowd = {random.bytes(16).hex() for _ in range(70_000)}
    excluded = frozenset(crowd | {photo.id for photo in others})
    query = Query(weights=dict.fromkeys(WNIDS, 1.0), filters=(ExcludedPhotos(excluded),))
    assert [match.id for match in store.ranking.search(query)] == [kept.id]
    damping = dict.fromkeys(excluded, 0.5)
    assert store.ranking.search(Query(weights=query.weights, damping=damping))[0].id == kept.id


FEWEST_CLAUSES = 1024
"""What every server takes; many cores and little memory make it so few."""


@pytest.fixture(scope="module")
def small_server(elasticsearch_url, tmp_path_factory):
    """A second server: it takes few clauses, and refuses writes when more than two come at once."""
    small = ["--heap", "512m", "--setting", "thread_pool.search.size=64"]
    narrow = ["--setting", "thread_pool.write.size=1"]
    queue = ["--setting", "thread_pool.write.queue_size=1"]
    folder = tmp_path_factory.mktemp("small")
    with elasticsearch_server.running(folder, *small, *narrow, *queue) as url:
        yield url


@pytest.fixture
def small_store(small_server):
    store = open_store(f"{small_server}/{secrets.token_hex(6)}")
    store.identity.create(INFO)
    yield store
    store.close()


def test_a_query_of_too_many_labels_is_refused_in_one_line_with_the_remedy(small_store):
    weights = {f"n{number:08}": 1.0 for number in range(FEWEST_CLAUSES)}
    assert small_store.ranking.search(Query(weights=weights)) == []
    with pytest.raises(BadValue, match=r"1024.*thread_pool\.search\.size") as refused:
        small_store.ranking.search(Query(weights={**weights, "n99999999": 1.0}))
    assert "\n" not in str(refused.value)


def test_labels_that_are_left_out_do_not_count_as_clauses(small_store, tmp_path):
    """As for `object -animal -plant`: 955 labels, without any of 401, nor any of 200."""
    all_wnids = imagenet.classes()
    query = Query(
        weights=dict.fromkeys(all_wnids[:955], 1.0),
        filters=(
            ExcludedLabels(dict.fromkeys(all_wnids[:401], 1.0), 0.4),
            ExcludedLabels(dict.fromkeys(all_wnids[700:900], 0.5), 0.1),
        ),
        limit=100,
    )
    other = open_store(f"sqlite:///{tmp_path}/photos.db")
    other.identity.create(INFO)
    for each in (small_store, other):
        each.photos.put(photos(100, seed=4, labels_each=8))
        each.refresh()
    found = small_store.ranking.search(query)
    assert 5 < len(found) < 95 and found == other.ranking.search(query)
    drawn = small_store.ranking.sample(1, 100, filters=query.filters)
    kept = {match.id for match in other.ranking.sample(1, 100, filters=query.filters)}
    assert {match.id for match in drawn} == kept and len(drawn) == len(kept)
    other.close()


# --- vectors


@pytest.fixture
def fetched(monkeypatch):
    """How many vectors each call of `vectors` fetches from the server."""
    counts = []
    scan = IndexReader.scan

    def counting(self, key, source, **options):
        hits = list(scan(self, key, source, **options))
        if source and "vector" in source["includes"]:
            counts.append(len(hits))
        return iter(hits)

    monkeypatch.setattr(IndexReader, "scan", counting)
    return counts


def test_only_new_and_changed_vectors_are_fetched(store, fetched):
    many = photos(30)
    store.photos.put(many[:20])
    assert len(store.photos.vectors().ids) == 20
    store.photos.put(many[20:])
    store.photos.delete([many[0].id])
    assert len(store.photos.vectors().ids) == 29
    store.photos.vectors()
    assert fetched == [20, 10]


def test_another_process_starts_from_the_file(store, fetched, elasticsearch_store_url):
    store.photos.put(photos(20))
    store.photos.vectors()
    other = open_store(elasticsearch_store_url)
    assert len(other.photos.vectors().ids) == 20
    other.close()
    assert fetched == [20]


def test_a_store_made_anew_under_the_same_name_shares_no_vectors(store, client, name):
    store.photos.put(photos(3))
    assert len(store.photos.vectors().ids) == 3
    for index in (f"{name}-1", f"{name}-files-1"):
        client.indices.delete(index=index)
    store.identity.create(replace(INFO, dimensions=4))
    assert store.photos.vectors().take().shape == (0, 4)


def test_vectors_are_fetched_again_when_the_file_is_gone(store, fetched, client, name):
    store.photos.put(photos(3))
    store.photos.vectors()
    uuid = client.indices.get_settings(index=name)[f"{name}-1"]["settings"]["index"]["uuid"]
    for file in (cache_folder() / "elasticsearch" / uuid).iterdir():
        file.unlink()
    fresh = open_store(store.location)
    assert len(fresh.photos.vectors().ids) == 3
    fresh.close()
    assert fetched == [3, 3]


def test_a_cache_that_cannot_be_written_is_named(store, tmp_path, monkeypatch):
    (tmp_path / "cache").write_text("a file where the folder should be")
    monkeypatch.setenv("MAGPIE_CACHE", str(tmp_path / "cache"))
    store.photos.put(photos(3))
    with pytest.raises(StoreAway, match="MAGPIE_CACHE"):
        store.photos.vectors()


# --- a server that is too busy


def test_items_that_a_busy_server_refused_are_sent_again(small_server):
    store = open_store(f"{small_server}/photos")
    store.identity.create(INFO)
    batches = [photos(20, seed=seed) for seed in range(12)]
    with ThreadPoolExecutor(6) as pool:
        assert [
            failure for failed in pool.map(store.photos.put, batches) for failure in failed
        ] == []
    store.refresh()
    assert store.photos.count() == 240
    store.close()
    with elasticsearch.Elasticsearch(small_server) as client:
        (node,) = client.nodes.stats(metric="thread_pool")["nodes"].values()
    assert node["thread_pool"]["write"]["rejected"] > 0, "nothing was refused: the test is void"


def test_what_stays_refused_comes_back_as_failures(store, monkeypatch):
    refusal = {
        "error": {"type": "es_rejected_execution_exception", "reason": "full"},
        "status": 429,
    }
    sent = []

    def refuse(**request):
        sent.append(len(request["operations"]))
        return {"items": [{"create": refusal} for _ in request["operations"]]}

    monkeypatch.setattr(elasticsearch_bulk, "PAUSES_SECONDS", (0.0, 0.0))
    monkeypatch.setattr(store._client, "bulk", refuse)
    failures = store.photos.put(photos(2))
    assert [(failure.reason, failure.conflict) for failure in failures] == [("full", False)] * 2
    assert sent == [2, 2, 2]


def test_dropping_what_was_replaced_leaves_other_peoples_indices_alone(store, client, name):
    client.indices.create(index=f"{name}-2", mappings={"_meta": {"owner": "ann"}})
    client.index(index=f"{name}-2", id="1", document={"a": 1}, refresh=True)
    fill_next(store, photos(5))
    store.renewal.swap()
    assert store.renewal.old() == [f"{name}-1", f"{name}-files-1"]
    store.renewal.drop_old()
    assert client.count(index=f"{name}-2")["count"] == 1
