"""Indices that somebody else put behind a store's name: of use as far as their fields go."""

import json
from dataclasses import replace

import pytest
from elasticsearch import Elasticsearch
from store_samples import INFO, photos

from indexer.errors import BadValue, Conflict
from indexer.filters import ExcludedLabels
from indexer.imagenet.ancestors import labels_under
from indexer.kinds import Order
from indexer.queries import Query
from indexer.stores import open_store
from indexer.stores.elasticsearch.photos import _encode
from search.library import open_library

FACETS = ("captured", "camera", "place", "location", "format")
TIMES = ("captured", "modified")


def samples():
    """Photos that differ in the time of their files alone, where they have no others."""
    return [
        replace(photo, camera="Pentax K-1", modified=f"202{number}-05-01T12:00:00.000Z")
        for number, photo in enumerate(photos(5))
    ]


def photo_wnids(photo):
    return {label.wnid for label in photo.labels}


@pytest.fixture
def library(elasticsearch_url, elasticsearch_store_url, monkeypatch):
    """Opens a library of `samples` whose index has what `change` leaves of the fields."""
    name, opened = elasticsearch_store_url.rpartition("/")[2], []
    store = open_store(elasticsearch_store_url)
    store.identity.create(INFO)

    def make(change, put=None):
        with Elasticsearch(elasticsearch_url) as client:
            made = client.indices.get(index=f"{name}-1")[f"{name}-1"]["mappings"]
            change(made["properties"])
            client.indices.create(index=f"{name}-9", mappings={**made, "dynamic": False})
            move = [
                {"remove": {"index": f"{name}-1", "alias": name}},
                {"add": {"index": f"{name}-9", "alias": name}},
            ]
            client.indices.update_aliases(actions=move)
        assert store.photos.put(samples() if put is None else put) == []
        store.refresh()
        opened.append(open_library(elasticsearch_store_url))
        return opened[0]

    yield make
    for one in (store, *opened):
        one.close()


def without(*names):
    def change(fields):
        for name in names:
            del fields[name]

    return change


def of_type(kind, name):
    return lambda fields: fields.update({name: {"type": kind}})


def walked(library, month=""):
    """The ids of all photos of a list, a page of two at a time."""
    ids, cursor = [], ""
    while cursor is not None:
        page = library.by_date(2, cursor, month)
        ids += [hit.id for hit in page.hits]
        cursor = page.next
    return ids


def test_photos_are_listed_and_counted_by_the_fields_that_there_are(library):
    opened, newest_first = library(without(*FACETS)), [photo.id for photo in samples()][::-1]
    assert walked(opened) == walked(opened, "none") == newest_first
    assert walked(opened, "2021-05") == []
    months, facets = opened.months(), opened.facets()
    assert (months.months, months.undated) == ((), 5)
    assert facets.photos == 5 and len(facets.years) == 5
    assert (facets.cameras, facets.places, facets.formats) == ((), (), ())
    assert facets.without == {"date": 5, "camera": 5, "place": 5}
    found = opened.search("in:2023")
    assert [hit.id for hit in found.hits] == [newest_first[1]]


def test_without_any_time_photos_are_listed_by_id(library):
    opened, by_id = library(without(*TIMES)), sorted(photo.id for photo in samples())
    assert walked(opened) == by_id
    assert (opened.months().undated, opened.facets().months) == (5, ())


@pytest.mark.parametrize("name", ["paths", "width"])
def test_what_each_photo_has_is_missed_in_one_line(library, name):
    opened = library(without(name))
    for ask in (opened.by_date, lambda: opened.random(1, 5)):
        with pytest.raises(Conflict, match=f"the photo .* has no {name}: ") as refused:
            ask()
        assert "\n" not in str(refused.value)
    assert opened.months().undated == 5


@pytest.mark.parametrize(("kind", "name"), [("text", "camera"), ("keyword", "captured")])
def test_a_field_of_another_kind_is_named_in_one_line(library, kind, name):
    opened = library(of_type(kind, name))
    with pytest.raises(BadValue, match=rf"\[{name}\].*: make it with the mapping") as refused:
        opened.facets()
    assert "\n" not in str(refused.value)


def dated():
    """Samples of which every second one has a capture time."""
    times = (None, "2011-05-01T12:00:00.000Z", None, "2013-05-01T12:00:00.000Z", None)
    return [replace(one, captured=time) for one, time in zip(samples(), times, strict=True)]


@pytest.mark.parametrize("name", TIMES)
@pytest.mark.parametrize("kind", ["keyword", "text"])
def test_a_time_that_is_text_is_named_by_lists_too(library, kind, name):
    opened = library(of_type(kind, name), dated())
    newest = Query(everything=True, order=Order.NEWEST)
    for ask in (opened.by_date, lambda: opened._store.ranking.ids(newest)):
        with pytest.raises(BadValue, match=": make it with the mapping in mappings/") as refused:
            ask()
        assert "\n" not in str(refused.value)


def test_a_capture_time_in_nanoseconds_is_sorted_with_the_times_of_files(library):
    opened = library(of_type("date_nanos", "captured"), dated())
    by_file, with_time = [dated()[at].id for at in (4, 2, 0)], [dated()[at].id for at in (3, 1)]
    newest = Query(everything=True, order=Order.NEWEST)
    assert opened._store.ranking.ids(newest) == by_file + with_time
    assert walked(opened) == with_time + by_file  # those without a date at the end
    assert [hit.captured for hit in opened.by_date(2).hits] == [
        "2013-05-01T12:00:00",
        "2011-05-01T12:00:00",
    ]
    assert [month.value for month in opened.months().months] == ["2013-05", "2011-05"]


def test_a_capture_time_that_is_a_number_is_named_in_one_line(library, elasticsearch_url):
    opened = library(of_type("long", "captured"))
    index = opened.location.rpartition("/")[2]
    with Elasticsearch(elasticsearch_url) as client:
        for photo in samples():
            client.update(index=index, id=photo.id, doc={"captured": 1400000000000}, refresh=True)
    for ask in (opened.by_date, lambda: opened.random(1, 5), opened.months, opened.facets):
        with pytest.raises(BadValue, match=r"\(\[captured\] is not a date\): make it"):
            ask()


LABELS = Query(weights={label.wnid: 1.0 for photo in samples() for label in photo.labels})
ANIMAL = "n00015388"
ANIMALS = {photo.id for photo in samples() if photo_wnids(photo).intersection(labels_under(ANIMAL))}


def test_without_ancestors_photos_are_found_by_the_labels_under_them(library):
    opened = library(without("ancestors"))
    found = opened._store.ranking.search(Query(ancestors={ANIMAL: 1.0}))
    assert {match.id for match in found} == ANIMALS and ANIMALS


@pytest.mark.parametrize(
    ("change", "why"),
    [(without("labels"), "missing"), (of_type("flattened", "labels"), "flattened")],
)
def test_searches_by_labels_that_would_find_nothing_are_refused(library, change, why):
    ranking = library(change)._store.ranking
    asked = [LABELS, Query(ancestors={ANIMAL: 1.0})]
    asked.append(Query(everything=True, filters=(ExcludedLabels({ANIMAL: 1.0}, 0.5),)))
    for query in asked:
        for ask in (ranking.search, ranking.facets, ranking.ids):
            with pytest.raises(BadValue, match=rf"\(\[labels\] is {why}\): make it with"):
                ask(query)
    everything = ranking.search(Query(everything=True))
    assert len(everything) == 5 and not any(match.labels for match in everything)


def test_labels_without_probabilities_are_named_in_one_line(library, elasticsearch_url):
    opened = library(of_type("keyword", "labels"), [])
    index = opened.location.rpartition("/")[2]
    with Elasticsearch(elasticsearch_url) as client:
        for photo in samples():
            document = {**json.loads(_encode(photo)), "labels": sorted(photo_wnids(photo))}
            client.index(index=index, id=photo.id, document=document, refresh=True)
    for ask in (opened.by_date, lambda: opened.random(1, 5)):
        with pytest.raises(BadValue, match=r"\(\[labels\] has no probabilities\): make it"):
            ask()
    with pytest.raises(BadValue, match=r"\(\[labels\] is keyword\): make it"):
        opened._store.ranking.search(LABELS)


def test_previews_are_listed_where_paths_are_missing(library):
    put = [replace(photo, preview=True) for photo in samples()]
    opened = library(without("paths"), put)
    assert opened._store.photos.previews() == {photo.id: () for photo in put}


def test_an_id_that_cannot_be_sorted_by_is_named_in_one_line(library):
    opened = library(without("id"))
    store = opened._store
    for ask in (
        opened.by_date,
        opened.facets,
        lambda: opened.random(1, 5),
        lambda: list(store.photos.paths()),
        lambda: store.ranking.search(LABELS),
    ):
        with pytest.raises(BadValue, match=r"\bid\b.*\): make it with the mapping") as refused:
            ask()
        assert "\n" not in str(refused.value)
