"""What votes are worth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.teaching.votes import Tally, Vote, wilson_lower_bound

counts = st.integers(0, 1000)


@pytest.mark.parametrize(
    ("good", "votes", "bound"),
    # statsmodels 0.14, proportion_confint(good, votes, method="wilson")
    [(1, 1, 0.2065), (10, 10, 0.7225), (5, 10, 0.2366), (0, 4, 0.0), (90, 100, 0.8256)],
)
def test_the_wilson_bound_equals_the_published_one(good, votes, bound):
    assert wilson_lower_bound(good, votes) == pytest.approx(bound, abs=1e-4)


def test_no_vote_is_worth_nothing():
    assert wilson_lower_bound(0, 0) == 0


@given(counts, counts)
def test_the_bound_lies_below_the_share(good, bad):
    bound = wilson_lower_bound(good, good + bad)
    assert 0 <= bound < 1
    assert good + bad == 0 or bound <= good / (good + bad)


@given(counts, counts)
def test_another_good_vote_raises_the_bound_and_a_bad_one_lowers_it(good, bad):
    bound = wilson_lower_bound(good, good + bad)
    assert wilson_lower_bound(good + 1, good + bad + 1) > bound or good + bad == 0
    assert wilson_lower_bound(good, good + bad + 1) <= bound


def test_ten_clicks_beat_one():
    assert Tally(10, 0).boost > Tally(1, 0).boost > 2


def test_votes_that_are_even_say_nothing_about_other_photos():
    assert (Tally(2, 2).weight, Tally(3, 0).weight, Tally(0, 1).weight) == (0, 1, 1)
    assert Tally(3, 1).weight == 0.5


def test_a_tally_counts_votes():
    votes = [Vote(True, "1"), Vote(False, "2"), Vote(True, "3")]
    assert Tally.of(votes) == Tally(2, 1)
