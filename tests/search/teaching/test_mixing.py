"""Who is believed: the labels, or the photos that were judged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.levels import EXACT, LEVELS, MOST_BOOSTS, level
from search.teaching.mixing import MOST, share_of_concept

RANKING = list("abcdefghij")
ids = st.sets(st.sampled_from("abcdefghijxyz"), min_size=1)


def test_labels_that_are_right_stay():
    assert share_of_concept(RANKING, good="ab", bad="cd") == 0


def test_labels_that_are_wrong_give_way():
    assert share_of_concept(RANKING, good="d", bad="abc") > 0.05


def test_labels_give_way_the_more_the_more_evidence_there_is():
    few = share_of_concept(RANKING, good="f", bad="abcde")
    assert share_of_concept(RANKING, good="fghij", bad="abcde") > few


def test_photos_that_nobody_judged_say_little():
    assert share_of_concept(RANKING, good="j", bad="") < 0.1


def test_examples_that_the_labels_do_not_find_at_all_tell_more_than_those_they_do():
    found = share_of_concept(RANKING, good="d", bad="abc")
    assert share_of_concept(RANKING, good="x", bad="abc") > found


@given(ids, ids)
def test_the_share_is_one(good, bad):
    assert 0 <= share_of_concept(RANKING, good, bad - good) <= MOST


boosts = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=6), st.floats(0, 4, width=32), max_size=400
)


@given(boosts)
def test_levels_keep_the_order_and_little_else_changes(given_boosts):
    kept = level(given_boosts)
    assert set(kept) == {id for id, boost in given_boosts.items() if boost > 0}
    ordered = sorted(kept, key=lambda id: -given_boosts[id])
    assert [kept[id] for id in ordered] == sorted(kept.values(), reverse=True)
    spread = max(given_boosts.values(), default=0) / (LEVELS - 1)
    assert all(abs(kept[id] - given_boosts[id]) <= spread for id in kept)


def test_many_boosts_become_few_numbers():
    kept = level({f"{number:04}": 1 + number / 7 for number in range(3000)})
    assert len(kept) == MOST_BOOSTS and min(kept) == "2000"
    assert len(set(kept.values())) <= EXACT + LEVELS
    assert kept["2999"] == pytest.approx(1 + 2999 / 7)
    assert level(kept) == kept
