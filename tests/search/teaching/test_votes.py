"""What votes are worth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.teaching.votes import Tally, Vote, apply_votes, doubted, wilson_lower_bound

counts = st.integers(0, 1000)


@pytest.mark.parametrize(
    ("good", "votes", "bound"),
    # statsmodels 0.14, proportion_confint(good, votes, method="wilson")
    [(1, 1, 0.2065), (10, 10, 0.7225), (5, 10, 0.2366), (0, 4, 0.0), (90, 100, 0.8256)],
)
def test_the_wilson_bound_equals_the_published_one(good, votes, bound):
    assert wilson_lower_bound(good, votes) == pytest.approx(bound, abs=1e-4)


def test_no_vote_is_worth_nothing():
    assert wilson_lower_bound(0, 0) == wilson_lower_bound(0, 461) == 0


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


GOOD, SLIGHT, TWICE, TWO = Tally(1, 0), Tally(0, 1), Tally(0, 1, repeated=True), Tally(0, 2)
THREE_SLIGHT = dict.fromkeys("bcd", SLIGHT)
STRONG, WEAK = 0.3 * 1.45, 0.29 * 1.45


@pytest.mark.parametrize(
    ("tallies", "by_labels", "most", "doubts"),
    [
        ({"a": GOOD, "b": SLIGHT}, {"b": STRONG}, 1.45, {"b"}),
        ({"a": GOOD, "b": SLIGHT}, {"b": WEAK}, 1.45, set()),
        ({"a": GOOD, "b": SLIGHT}, {}, 1.45, set()),
        ({"a": GOOD, "b": Tally(2, 3)}, {"b": STRONG}, 1.45, {"b"}),
        ({"a": GOOD, "b": TWO, "c": TWICE}, {"b": STRONG, "c": STRONG}, 1.45, set()),
        ({"b": SLIGHT}, {"b": STRONG}, 1.45, set()),
        ({"a": GOOD, "b": SLIGHT}, {"b": STRONG}, 0.0, set()),
        ({"a": GOOD} | THREE_SLIGHT, dict.fromkeys("bcd", STRONG), 1.45, set()),
        ({"a": GOOD} | THREE_SLIGHT, dict.fromkeys("bc", STRONG), 1.45, {"b", "c"}),
        ({"a": GOOD} | THREE_SLIGHT, dict.fromkeys("abcd", STRONG), 1.45, {"b", "c", "d"}),
        ({"a": GOOD}, {"a": STRONG}, 1.45, set()),
    ],
)
def test_one_bad_vote_is_doubted_where_labels_speak_for_the_photo(tallies, by_labels, most, doubts):
    assert doubted(tallies, by_labels, most) == doubts


def test_a_doubted_photo_stays_and_others_voted_bad_are_left_out():
    boosts, out = apply_votes({"b": 0.5, "c": 0.5}, {"b": SLIGHT, "c": SLIGHT}, frozenset("b"))
    assert (boosts, out) == ({"b": 0.5}, {"c"})


def test_only_a_bad_vote_that_a_user_gives_again_is_repeated():
    bad = Vote(False, "2").after(Vote(False, "1"))
    assert bad.repeated and Vote(False, "3").after(bad).repeated
    assert not Vote(False, "1").after(Vote(False, "1")).repeated  # the same click
    assert not Vote(False, "2").after(Vote(True, "1")).repeated
    assert not Vote(True, "3").after(bad).repeated and not Vote(False, "1").after(None).repeated
    assert Tally.of([bad]) == TWICE and Tally.of([Vote(False, "1")]) == SLIGHT
