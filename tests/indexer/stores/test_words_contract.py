"""What every store promises about the table of learned words, run on each."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.errors import NotFound
from indexer.events import Learned
from indexer.stores import open_store

TIME = "2024-05-01T12:00:00.000001Z"
NUMBERS = st.integers(0, 1000)
WORDS = st.builds(
    Learned,
    word=st.text(st.characters(exclude_categories=("C",)), min_size=1, max_size=300),
    good=NUMBERS,
    bad=NUMBERS,
    uploads=NUMBERS,
    users=NUMBERS,
    changed=st.just(TIME),
    examples=st.lists(st.text("0123456789abcdef", min_size=32, max_size=32), max_size=3).map(tuple),
)


def word(name: str, good: int = 1) -> Learned:
    return Learned(name, good, 0, 0, 1, TIME, ("0a" * 16,))


def test_a_new_store_has_no_words(store):
    assert store.learned.read() == []


def test_a_store_that_is_not_there_has_none_and_takes_none(store_url):
    missing = open_store(store_url)
    assert missing.learned.read() == []
    with pytest.raises(NotFound, match="magpie index"):
        missing.learned.replace([word("griffin")], 1)
    missing.close()


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(WORDS, max_size=5, unique_by=lambda one: one.word))
def test_words_come_back_as_they_were(store, learned):
    store.learned.replace(learned, 1)
    found = store.learned.read()
    assert sorted(found, key=lambda one: one.word) == sorted(learned, key=lambda one: one.word)


def test_words_of_a_later_state_take_the_place_of_earlier_ones(store, open_again):
    store.learned.replace([word("griffin"), word("wugg"), word("zorbla")], 3)
    open_again().learned.replace([word("griffin", good=2), word("zorbla")], 4)
    assert store.learned.read() == [word("griffin", good=2), word("zorbla")]


def test_a_process_that_lags_behind_changes_nothing_of_what_is_newer(store, open_again):
    store.learned.replace([word("griffin"), word("wugg")], 3)
    store.learned.replace([word("griffin", good=5), word("wugg", good=5)], 6)
    open_again().learned.replace([word("griffin", good=4)], 5)
    assert store.learned.read() == [word("griffin", good=5), word("wugg", good=5)]
    store.learned.replace([word("griffin", good=5)], 7)
    assert store.learned.read() == [word("griffin", good=5)]


def test_writing_the_same_again_does_no_harm(store):
    for _ in range(2):
        store.learned.replace([word("griffin")], 3)
    assert store.learned.read() == [word("griffin")]
