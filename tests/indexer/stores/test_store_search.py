"""How every store ranks: as a naive reference does, to the last bit and the last tie."""

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_samples import photos

from indexer import imagenet
from indexer.errors import BadValue
from indexer.filters import ExcludedLabels, ExcludedPhotos, Filter
from indexer.records import Label, Query

WNIDS = imagenet.classes()[:30]
LIBRARY = photos(60, seed=1, wnids=WNIDS, labels_each=6)
EVERYTHING = Query(weights=dict.fromkeys(WNIDS, 1.0), limit=100)


@pytest.fixture
def library(store):
    """A store of few labels, so that each query finds some."""
    assert store.photos.put(LIBRARY) == []
    store.refresh()
    return store


def label_sum(photo, weights):
    """Products in float32, their sum in float64."""
    held = {label.wnid: label.probability for label in photo.labels}
    pairs = [(weight, held[wnid]) for wnid, weight in weights.items() if wnid in held]
    return sum(float(np.float32(weight) * np.float32(p)) for weight, p in pairs)


def is_left_out(photo, one):
    """What each kind of filter says."""
    if isinstance(one, ExcludedPhotos):
        return photo.id in one.ids
    return np.float32(label_sum(photo, one.weights)) >= np.float32(one.least)


def score(photo, query):
    """What `Query` says, cast to float32 after each of Lucene's layers: the sum, the damping."""
    if any(is_left_out(photo, one) for one in query.filters):
        return np.float32(0)
    total = label_sum(photo, query.weights) + float(np.float32(query.boosts.get(photo.id, 0)))
    return np.float32(np.float32(total) * np.float32(query.damping.get(photo.id, 1)))


def reference(library, query):
    """All hits in order: (id, score)."""
    scores = {photo.id: float(score(photo, query)) for photo in library}
    hits = [(id, value) for id, value in scores.items() if value > 0]
    ranking = sorted(hits, key=lambda hit: (-hit[1], hit[0]))
    return ranking[query.offset : query.offset + query.limit]


def found(store, query):
    return [(match.id, match.score) for match in store.ranking.search(query)]


def check(store, query, library=LIBRARY):
    ranking, expected = found(store, query), reference(library, query)
    assert [id for id, _ in ranking] == [id for id, _ in expected]
    assert [value for _, value in ranking] == pytest.approx([v for _, v in expected], rel=1e-5)


ids = st.sampled_from([photo.id for photo in LIBRARY] + ["0" * 32])
wnids = st.sampled_from([*WNIDS, "n99999999"])
weights = st.dictionaries(wnids, st.floats(2**-10, 4, width=32), max_size=12)
filters = {
    ExcludedPhotos: st.builds(ExcludedPhotos, st.frozensets(ids, max_size=10)),
    ExcludedLabels: st.builds(ExcludedLabels, weights.filter(bool), st.floats(2**-7, 1, width=32)),
}
queries = st.builds(
    Query,
    weights=weights,
    boosts=st.dictionaries(ids, st.floats(0, 3, width=16), max_size=20),
    damping=st.dictionaries(ids, st.sampled_from([0.0, 0.25, 0.3, 0.7, 1.0]), max_size=20),
    filters=st.lists(st.one_of(*filters.values()), max_size=3).map(tuple),
    limit=st.integers(0, 70),
    offset=st.integers(0, 20),
)


def test_each_kind_of_filter_is_tried_on_every_store():
    assert set(filters) == set(get_args(Filter))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(query=queries)
def test_any_query_ranks_as_the_reference_does(library, query):
    check(library, query)


def test_the_whole_library_ranks_as_the_reference_does(library):
    assert len(reference(LIBRARY, EVERYTHING)) == len(LIBRARY)
    check(library, EVERYTHING)


def test_a_match_carries_its_document(library):
    match = library.ranking.search(replace(EVERYTHING, limit=1))[0]
    photo = next(photo for photo in LIBRARY if photo.id == match.id)
    assert (match.paths, match.width, match.height, match.colour) == (
        photo.paths,
        photo.width,
        photo.height,
        photo.colour,
    )
    held = {label.wnid: label.probability for label in photo.labels}
    assert match.labels == {wnid: held[wnid] for wnid in held if wnid in EVERYTHING.weights}


def test_a_match_carries_the_labels_that_the_query_weighs(library):
    photo = next(photo for photo in LIBRARY if len(photo.labels) > 2)
    wanted = {label.wnid: label.probability for label in photo.labels[1:]}
    query = Query(weights=dict.fromkeys(wanted, 1.0), limit=len(LIBRARY))
    match = next(match for match in library.ranking.search(query) if match.id == photo.id)
    assert match.labels == wanted


def test_a_match_by_a_boost_alone_carries_no_labels(library):
    (match,) = library.ranking.search(Query(boosts={LIBRARY[0].id: 1.0}))
    assert match.labels == {}


def test_ties_are_broken_by_id_across_pages(store):
    tied = [replace(p, labels=(Label(WNIDS[0], 0.5),)) for p in photos(50, seed=2)]
    store.photos.put(tied)
    store.refresh()
    pages = [
        found(store, Query({WNIDS[0]: 1.0}, limit=7, offset=start)) for start in range(0, 56, 7)
    ]
    assert [hit[0] for page in pages for hit in page] == sorted(photo.id for photo in tied)


def test_an_empty_query_an_unknown_label_and_an_empty_store_find_nothing(store):
    assert store.ranking.search(EVERYTHING) == []
    store.photos.put(LIBRARY[:3])
    store.refresh()
    assert store.ranking.search(Query()) == []
    assert store.ranking.search(Query(weights={"n99999999": 1.0})) == []


def test_a_boost_alone_makes_a_hit_and_none_of_an_unknown_photo(library):
    photo = LIBRARY[7]
    query = Query(boosts={photo.id: 0.25, "0" * 32: 1.0})
    assert found(library, query) == [(photo.id, 0.25)]


def test_full_damping_and_exclusion_leave_photos_out(library):
    damped, excluded = LIBRARY[0].id, LIBRARY[1].id
    query = replace(
        EVERYTHING, damping={damped: 0.0}, filters=(ExcludedPhotos(frozenset([excluded])),)
    )
    left = {id for id, _ in found(library, query)}
    assert left == {photo.id for photo in LIBRARY} - {damped, excluded}


def test_excluded_labels_leave_out_from_the_bound_on(store):
    halves = [replace(p, labels=(Label(WNIDS[0], 0.5), Label(WNIDS[1], 0.25))) for p in photos(2)]
    other = replace(photos(1, seed=9)[0], labels=(Label(WNIDS[1], 0.5),))
    store.photos.put([*halves, other])
    store.refresh()
    query = Query(weights={WNIDS[1]: 1.0}, filters=(ExcludedLabels({WNIDS[0]: 1.0}, 0.5),))
    assert [id for id, _ in found(store, query)] == [other.id]
    above = replace(query, filters=(ExcludedLabels({WNIDS[0]: 1.0}, 0.51),))
    assert len(found(store, above)) == 3


def test_many_boosts_and_exclusions_at_once(library):
    random = np.random.default_rng(3)
    strangers = {random.bytes(16).hex(): 1.0 for _ in range(2000)}
    boosts = {**strangers, **{photo.id: 0.5 for photo in LIBRARY[:30]}}
    excluded = ExcludedPhotos(frozenset([*strangers, LIBRARY[0].id]))
    query = replace(EVERYTHING, boosts=boosts, filters=(excluded,))
    check(library, query)


@pytest.mark.parametrize("kinds", [[ExcludedPhotos], [ExcludedLabels], [*filters]], ids=str)
def test_a_sample_leaves_out_what_filters_do(library, kinds):
    some = {
        ExcludedPhotos: ExcludedPhotos(frozenset(photo.id for photo in LIBRARY[:7])),
        ExcludedLabels: ExcludedLabels({WNIDS[0]: 1.0, WNIDS[1]: 0.5}, 0.01),
    }
    chosen = [some[kind] for kind in kinds]
    left = {photo.id for photo in LIBRARY if not any(is_left_out(photo, one) for one in chosen)}
    assert len(left) < len(LIBRARY)
    slices = [library.ranking.sample(7, 20, start, chosen) for start in (0, 20, 40, 60)]
    drawn = [match.id for part in slices for match in part]
    assert len(drawn) == len(set(drawn)) and set(drawn) == left


def test_a_query_is_empty_where_nothing_can_score(library):
    excluded = ExcludedPhotos(frozenset([LIBRARY[0].id]))
    for query in (
        Query(),
        Query({WNIDS[0]: 0.0}, {LIBRARY[0].id: 0.0}),
        Query(filters=(excluded,)),
    ):
        assert query.is_empty and library.ranking.search(query) == []
    assert not EVERYTHING.is_empty and not Query(boosts={LIBRARY[0].id: 1.0}).is_empty


def test_the_ranking_ends_at_ten_thousand(library):
    assert library.ranking.search(replace(EVERYTHING, limit=10, offset=9_990)) == []
    with pytest.raises(BadValue, match=r"10,?000"):
        library.ranking.search(replace(EVERYTHING, limit=11, offset=9_990))


def test_searches_follow_writes(library):
    check(library, EVERYTHING)
    library.photos.delete([LIBRARY[0].id])
    late = photos(1, seed=5, wnids=WNIDS, labels_each=6)
    library.photos.put(late)
    read = library.photos.get([LIBRARY[1].id])[LIBRARY[1].id]
    changed = replace(read, labels=late[0].labels)
    library.photos.put([changed])
    library.refresh()
    check(library, EVERYTHING, [changed, *LIBRARY[2:], *late])
