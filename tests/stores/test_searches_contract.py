"""What every store promises about the search log: the docstrings of `SearchLog`, run on each."""

import pytest

from indexer.errors import NotFound
from indexer.records import Searched, Wanted
from indexer.stores import open_store

TIME = "2024-05-01T12:00:00.000Z"


def searched(query: str, *unfamiliar: str) -> Searched:
    familiar = query.split() != list(unfamiliar)
    return Searched(TIME, "anonymous", query, familiar, unfamiliar, hits=0, milliseconds=1.5)


def test_a_new_store_has_no_searches(store):
    assert store.searches.count() == 0 and store.searches.wanted(10) == []


def test_a_store_that_is_not_there_has_none_and_takes_none(store_url):
    missing = open_store(store_url)
    assert missing.searches.count() == 0 and missing.searches.wanted(10) == []
    with pytest.raises(NotFound, match="magpie index"):
        missing.searches.append([searched("cat")])
    missing.close()


def test_unfamiliar_words_are_counted_over_all_searches_and_processes(store, open_again):
    store.searches.append([searched("griffin cat", "griffin"), searched("cat")])
    open_again().searches.append(
        [searched("zorbla griffin", "zorbla", "griffin"), searched("ämne", "ämne")]
    )
    assert store.searches.count() == 4
    # "zorbla" and "ämne" were asked for once: ties by word
    expected = [Wanted("griffin", 2), Wanted("zorbla", 1), Wanted("ämne", 1)]
    assert store.searches.wanted(10) == expected
    assert store.searches.wanted(1) == expected[:1]


def test_the_same_search_counts_each_time(store):
    for _ in range(3):
        store.searches.append([searched("griffin", "griffin")])
    assert store.searches.wanted(10) == [Wanted("griffin", 3)]


def test_searches_change_no_photo_and_no_event(store):
    before = store.state(), store.events.state()
    store.searches.append([searched("griffin", "griffin")])
    assert (store.state(), store.events.state()) == before
