"""The measures against their definitions, worked examples and properties."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.evaluation.measures import (
    Judgement,
    Likely,
    Score,
    average_precision,
    compare,
    precision_at,
    recall_at,
    score,
    summarise,
    worst,
)
from search.evaluation.reliability import reliability

IDS = [f"photo {number}" for number in range(12)]
rankings = st.permutations(IDS)
answers = st.sets(st.sampled_from(IDS), min_size=1)


def test_average_precision_of_the_textbook_example() -> None:
    # Right answers at ranks 1, 3 and 5 of five: (1/1 + 2/3 + 3/5) / 3.
    ranking = ["a", "x", "b", "y", "c"]
    assert average_precision(ranking, {"a", "b", "c"}) == pytest.approx((1 + 2 / 3 + 3 / 5) / 3)


def test_an_answer_that_was_not_ranked_counts_as_never_found() -> None:
    assert average_precision(["a"], {"a", "b"}) == 0.5
    assert recall_at(["a"], {"a", "b"}, 20) == 0.5


@pytest.mark.parametrize("ranking", [[], ["a", "b"]])
def test_nothing_relevant_scores_nothing(ranking: list[str]) -> None:
    assert average_precision(ranking, []) == 0.0
    assert precision_at(ranking, [], 20) == 0.0
    assert recall_at(ranking, [], 20) == 0.0


def test_precision_divides_by_k_even_where_fewer_are_ranked() -> None:
    assert precision_at(["a", "b"], {"a", "b"}, 20) == 0.1


@given(rankings, answers)
def test_average_precision_agrees_with_scikit_learn(ranking: list[str], relevant: set[str]) -> None:
    from sklearn.metrics import average_precision_score  # loads for seconds: not at collection

    truth = [id_ in relevant for id_ in ranking]
    scores = [-rank for rank in range(len(ranking))]
    expected = average_precision_score(truth, scores)
    assert average_precision(ranking, relevant) == pytest.approx(expected)


@given(rankings, answers, st.integers(1, 30))
def test_measures_stay_between_nought_and_one(
    ranking: list[str], relevant: set[str], k: int
) -> None:
    measured = score(Judgement("q", "name", frozenset(relevant)), ranking)
    values = (measured.average_precision, measured.p_at_20, measured.recall_at_20)
    assert all(0.0 <= value <= 1.0 for value in values)
    assert 0.0 <= precision_at(ranking, relevant, k) <= 1.0


@given(rankings, answers)
def test_right_answers_first_is_perfect_and_only_that(
    ranking: list[str], relevant: set[str]
) -> None:
    best = sorted(ranking, key=lambda id_: id_ not in relevant)
    assert average_precision(best, relevant) == pytest.approx(1.0)
    if average_precision(ranking, relevant) == pytest.approx(1.0):
        assert set(ranking[: len(relevant)]) == relevant


@given(rankings, answers, st.integers(0, len(IDS) - 2))
def test_moving_a_right_answer_up_never_hurts(
    ranking: list[str], relevant: set[str], place: int
) -> None:
    swapped = list(ranking)
    swapped[place], swapped[place + 1] = swapped[place + 1], swapped[place]
    if ranking[place] not in relevant and ranking[place + 1] in relevant:
        assert average_precision(swapped, relevant) > average_precision(ranking, relevant)


@given(rankings, answers)
def test_recall_never_falls_with_k(ranking: list[str], relevant: set[str]) -> None:
    recalls = [recall_at(ranking, relevant, k) for k in range(1, len(IDS) + 1)]
    assert all(fewer <= more for fewer, more in itertools.pairwise(recalls))
    assert recalls[-1] == 1.0


def _scored(query: str, kind: str, value: float) -> Score:
    return Score(query, kind, value, value / 2, value / 4)


def test_summary_has_a_mean_for_each_kind_and_one_for_all() -> None:
    scores = [_scored("a", "name", 1.0), _scored("b", "topic", 0.0), _scored("c", "name", 0.5)]
    summaries = {summary.kind: summary for summary in summarise(scores)}
    assert list(summaries) == ["name", "topic", "all"]
    assert (summaries["name"].queries, summaries["name"].map) == (2, 0.75)
    assert summaries["name"].p_at_20 == 0.375
    assert summaries["all"].map == pytest.approx(0.5)


def test_no_query_has_no_summary() -> None:
    assert summarise([]) == []


def test_worst_queries_come_first_and_ties_by_name() -> None:
    scores = [_scored("c", "name", 0.1), _scored("a", "name", 0.9), _scored("b", "name", 0.1)]
    assert [one.query for one in worst(scores, 2)] == ["b", "c"]


def test_a_set_is_measured_by_precision_recall_and_their_harmonic_mean() -> None:
    found = compare(["a", "b", "x", "y"], {"a", "b", "c"})
    assert (found.precision, found.recall) == (0.5, pytest.approx(2 / 3))
    assert found.f1 == pytest.approx(2 / (1 / 0.5 + 3 / 2))
    assert compare([], {"a"}) == Likely(1.0, 0.0, 0.0)


def test_tenths_compare_what_photos_are_called_with_how_often_they_are_right() -> None:
    called = [(0.85, True), (0.81, True), (0.89, False), (1.0, True), (0.05, False)]
    low, high, top = reliability(called)
    assert (low.right, low.photos, high.photos, top.photos) == (0.0, 1, 3, 1)
    assert (high.called, high.right) == (pytest.approx(0.85), pytest.approx(2 / 3))
    assert list(reliability([])) == []
