"""What every store promises about the search log: the docstrings of `SearchLog`, run on each."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from indexer.errors import NotFound
from indexer.queries import Searched, Wanted
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
    before = store.photos.state(), store.events.state()
    store.searches.append([searched("griffin", "griffin")])
    assert (store.photos.state(), store.events.state()) == before


WORDS = some.text(some.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
SEARCHED = some.builds(
    Searched,
    time=some.just(TIME),
    user=WORDS,
    query=WORDS,
    familiar=some.booleans(),
    unfamiliar=some.lists(WORDS, max_size=3).map(tuple),
    hits=some.integers(0, 10_000),
    milliseconds=some.floats(0, 1e6).map(lambda value: round(value, 3)),
)


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(searches=some.lists(SEARCHED, max_size=20))
def test_what_was_searched_is_read_as_it_was_written(store, searches):
    before = store.searches.count()
    store.searches.append(searches)
    assert list(store.searches.read())[before:] == searches


def test_many_searches_are_read_in_order_of_their_numbers(store):
    store.searches.append(searched(f"query {number}") for number in range(2300))
    read = list(store.searches.read())
    assert [one.query for one in read] == [f"query {number}" for number in range(2300)]
    numbers = [one.number for one in read]
    assert numbers == sorted(set(numbers)) and numbers[0] > 0


def test_a_store_that_is_not_there_has_none_to_read(store_url):
    missing = open_store(store_url)
    assert list(missing.searches.read()) == []
    missing.close()


def test_searches_of_another_log_are_written_once_however_often_they_come(store):
    theirs = [replace(searched("griffin", "griffin"), number=number) for number in (3, 4, 9)]
    for some_of_them in (theirs[:2], theirs, theirs[1:]):
        store.searches.append(some_of_them)
    assert list(store.searches.read()) == theirs
    store.searches.append([searched("cat")])  # one of its own
    assert [one.query for one in store.searches.read()] == ["griffin"] * 3 + ["cat"]
