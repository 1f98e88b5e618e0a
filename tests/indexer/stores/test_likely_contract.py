"""Where the likely hits of a ranking end: the same in every store, as counting all hits says."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_store_search import EVERYTHING, WNIDS, found, library, queries

from indexer.errors import BadValue
from indexer.filters import InFolder, Required
from indexer.kinds import Order
from indexer.queries import Line, Query, Ranked

__all__ = ["library"]

HALF = Line(least=0.0, share=0.5)
SOME = replace(EVERYTHING, weights=dict.fromkeys(WNIDS[:12], 1.0))
"""Photos of few of these labels are hits that are not likely."""
lines = st.builds(
    Line, st.sampled_from([0.0, 0.1, 9.0]), st.floats(0, 1.5), st.sampled_from([0.0, 0.5, 9.0])
)


def check(store, query, line, only_likely):
    """Compare with all hits, whose scores `search` returns."""
    every = found(store, replace(query, limit=100, offset=0))
    best = max((score for _, score in every), default=0.0)
    least = 0.0 if query.everything or not every else line.at(best)
    likely = [hit for hit in every if hit[1] >= least]
    kept = (likely if only_likely else every)[query.offset : query.offset + query.limit]
    answer = store.ranking.find(query, line, only_likely)
    assert [(match.id, match.score) for match in answer.matches] == kept
    assert answer.likely == len(likely)
    assert answer.line == pytest.approx(least)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(query=queries, line=lines, only_likely=st.booleans())
def test_the_likely_hits_of_any_query_are_those_that_reach_the_line(
    library, query, line, only_likely
):
    check(library, query, line, only_likely)


@pytest.mark.parametrize("order", Order)
def test_pages_of_likely_hits_together_are_all_of_them(library, order):
    query = replace(SOME, order=order, limit=7)
    whole = library.ranking.find(query, HALF)
    assert 7 < whole.likely < len(found(library, SOME))
    pages = [
        library.ranking.find(replace(query, offset=offset), HALF, only_likely=True)
        for offset in range(0, whole.likely + 7, 7)
    ]
    ids = [match.id for page in pages for match in page.matches]
    assert len(ids) == len(set(ids)) == whole.likely
    assert {(page.likely, page.line) for page in pages} == {(whole.likely, whole.line)}


def test_a_best_hit_that_is_in_doubt_leaves_none(library):
    absent = Line(least=0.0, share=0.5, doubt=1e3)
    answer = library.ranking.find(EVERYTHING, absent)
    assert answer.likely == 0 and len(answer.matches) == len(found(library, EVERYTHING))
    for query in (EVERYTHING, replace(EVERYTHING, order=Order.NEWEST), replace(SOME, offset=5)):
        answer = library.ranking.find(query, absent, only_likely=True)
        assert (answer.matches, answer.likely) == ([], 0)


def test_all_photos_of_a_list_are_likely(library):
    filtered = (Required((InFolder("art"),)),)
    listed = Query(filters=filtered, order=Order.NEWEST, everything=True, limit=2)
    answer = library.ranking.find(listed, HALF, only_likely=True)
    assert answer.likely == len(found(library, replace(listed, limit=100))) > 2
    assert len(answer.matches) == 2 and answer.line == 0


def test_nothing_is_likely_where_nothing_is_found(library):
    for query in (Query(), Query(weights={"n99999999": 1.0})):
        assert library.ranking.find(query, HALF) == Ranked([], 0, 0.0)


def test_the_likely_hits_follow_writes(library):
    query = Query(weights={WNIDS[0]: 1.0}, limit=100)
    check(library, query, HALF, only_likely=True)
    library.photos.delete([id for id, _ in found(library, query)[:1]])
    library.refresh()
    check(library, query, HALF, only_likely=True)


def test_the_likely_hits_end_at_ten_thousand_too(library):
    with pytest.raises(BadValue, match=r"10,?000"):
        library.ranking.find(replace(EVERYTHING, limit=11, offset=9_990), HALF)
