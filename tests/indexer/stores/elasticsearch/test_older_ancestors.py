"""Indices whose documents have no ancestors are searched by labels, until they are renewed."""

from dataclasses import replace

import pytest
from store_samples import INFO, photos

import mappings
from indexer.filters import ExcludedLabels
from indexer.imagenet.ancestors import labels_under
from indexer.queries import Query
from indexer.records import Label
from indexer.stores import open_store
from indexer.stores.elasticsearch import photos as photo_documents

SHARK, WHITE, HAMMERHEAD, TENCH = "n01482330", "n01484850", "n01494475", "n01440764"
FIELDS = ("ancestors", "ancestor_names")
QUERY = Query(weights={TENCH: 0.5}, ancestors={SHARK: 1.0})


def samples():
    one, two, three = photos(3, seed=4)
    return [
        replace(one, labels=(Label(WHITE, 0.5), Label(HAMMERHEAD, 0.25))),
        replace(two, labels=(Label(TENCH, 0.625), Label(WHITE, 0.0009765625))),
        replace(three, labels=(Label(WHITE, 0.3125), Label(HAMMERHEAD, 0.125))),
    ]


@pytest.fixture
def older(monkeypatch, elasticsearch_store_url):
    """A store that a Magpie without the fields made, open in a Magpie of today."""
    load, to_document = mappings.load, photo_documents.to_document

    def load_older(index):
        mapping = load(index)
        if index == "photos":
            mapping["_meta"]["version"] -= 1
            for name in FIELDS:
                del mapping["properties"][name]
        return mapping

    def older_document(photo):
        return {k: v for k, v in to_document(photo).items() if k not in FIELDS}

    with monkeypatch.context() as patch:
        patch.setattr(mappings, "load", load_older)
        patch.setattr(photo_documents, "to_document", older_document)
        made = open_store(elasticsearch_store_url)
        made.identity.create(INFO)
        assert made.photos.put(samples()) == []
        made.refresh()
        made.close()
    store = open_store(elasticsearch_store_url)
    yield store
    store.renewal.drop_old()
    store.close()


def fields_of(store, query=QUERY):
    """The fields whose terms are asked for."""
    should = store.ranking.request(query).body["query"]["function_score"]["query"]["bool"]["should"]
    return {name for clause in should for name in clause["term"]}


def test_an_older_store_ranks_by_the_labels_under_an_ancestor(older):
    matches = older.ranking.search(QUERY)
    one, two, three = samples()
    assert [match.id for match in matches] == [one.id, three.id, two.id]
    assert [match.ancestors[SHARK] for match in matches] == [0.75, 0.4375, 0.0009765625]
    assert [match.score for match in matches] == [0.75, 0.4375, 0.3134765625]
    assert fields_of(older) == {"labels"}
    left = Query(weights={WHITE: 1.0}, filters=(ExcludedLabels({}, 0.5, {SHARK: 1.0}),))
    assert [match.id for match in older.ranking.search(left)] == [three.id, two.id]


def test_photos_that_are_added_get_the_fields_and_the_others_count_on(older):
    older.identity.create(INFO)  # as each run does that describes photos
    new = replace(photos(1, seed=9)[0], labels=(Label(HAMMERHEAD, 0.875),))
    assert older.photos.put([new]) == []
    older.refresh()
    assert [match.score for match in older.ranking.search(QUERY)][:2] == [0.875, 0.75]
    assert fields_of(older) == {"labels"}


def test_a_store_that_is_renewed_ranks_by_ancestors_from_then_on(older):
    assert older.ranking.search(QUERY)  # so that it is known as an older one
    fresh = older.renewal.next()
    fresh.identity.create(INFO)
    assert fresh.photos.put(samples()) == []
    fresh.refresh()
    older.renewal.swap()
    one, two, three = samples()
    matches = older.ranking.search(QUERY)
    assert [match.id for match in matches] == [one.id, three.id, two.id]
    assert matches[-1].ancestors == {SHARK: 0.0}  # too improbable to be kept
    assert matches[-1].score == 0.3125
    assert fields_of(older) == {"ancestors", "labels"}


def test_the_mapping_is_read_once(older, monkeypatch):
    asked = []
    client = older.ranking._reader.client
    get = type(client.indices).get_mapping

    def counting(self, **names):
        asked.append(names)
        return get(self, **names)

    monkeypatch.setattr(type(client.indices), "get_mapping", counting)
    for _ in range(3):
        older.ranking.search(QUERY)
    assert len(asked) == 1
    older.ranking.search(replace(QUERY, ancestors={}))
    assert len(asked) == 1


def test_an_ancestor_is_one_clause(older):
    fresh = older.renewal.next()
    fresh.identity.create(INFO)
    body = fresh.ranking.request(Query(ancestors={"n00015388": 1.0})).body
    assert len(body["query"]["function_score"]["query"]["bool"]["should"]) == 1
    assert len(labels_under("n00015388")) == 398
    fresh.close()
    older.renewal.cancel()
