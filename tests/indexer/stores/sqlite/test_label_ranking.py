"""The best photos by labels: those of scoring every photo, though few are scored."""

import operator
from collections import Counter
from dataclasses import replace
from functools import reduce
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_samples import photos

from indexer import imagenet
from indexer.filters import ExcludedLabels, ExcludedPhotos
from indexer.queries import Query
from indexer.stores.sqlite.labels import matrix as label_matrix
from indexer.stores.sqlite.labels import scoring as label_ranking
from indexer.stores.sqlite.labels.filtering import Candidates
from indexer.stores.sqlite.labels.joining import join
from indexer.stores.sqlite.labels.matrix import HEAD, LabelMatrix
from indexer.stores.sqlite.labels.scoring import best, score
from indexer.stores.sqlite.layout import EARLIER

WNIDS = imagenet.classes()[:25]
NONE = np.zeros(0, np.int64)


def matrix_of(some, wnids=WNIDS):
    numbers = {wnid: number for number, wnid in enumerate(wnids)}
    entries = [
        np.array(
            [(numbers[one.wnid], one.probability) for one in photo.labels], EARLIER.label
        ).tobytes()
        for photo in some
    ]
    return LabelMatrix.build([photo.id for photo in some], entries, wnids, EARLIER)


MANY = photos(600, seed=3, wnids=WNIDS, labels_each=15)
TWINS = [replace(photo, id=f"{number:032x}") for number, photo in enumerate(MANY[:200])]
LIBRARY = [*MANY, *TWINS]  # whose scores tie with those of others
MATRIX = matrix_of(LIBRARY)

ids = st.sampled_from([photo.id for photo in LIBRARY[:40]] + ["0" * 31 + "g"])
wnids = st.sampled_from([*WNIDS, "n99999999"])
weights = st.dictionaries(wnids, st.floats(2**-10, 4, width=32), max_size=20)
ANIMAL, FISH, BIRD, FINCH = "n00015388", "n02512053", "n01503061", "n01529672"
ancestors = st.dictionaries(
    st.sampled_from([ANIMAL, FISH, BIRD, FINCH]), st.floats(2**-10, 4, width=32), max_size=2
)
queries = st.builds(
    Query,
    weights=weights,
    boosts=st.dictionaries(ids, st.floats(0, 3, width=16), max_size=10),
    damping=st.dictionaries(ids, st.sampled_from([0.0, 0.25, 0.7, 1.0]), max_size=10),
    filters=st.lists(
        st.one_of(
            st.builds(ExcludedPhotos, st.frozensets(ids, max_size=5)),
            st.builds(
                ExcludedLabels, weights.filter(bool), st.floats(2**-7, 1, width=32), ancestors
            ),
        ),
        max_size=3,
    ).map(tuple),
    limit=st.integers(0, 40),
    offset=st.integers(0, 20),
    ancestors=ancestors,
)


def plain(matrix, query, gone):
    """All photos scored."""
    single = label_ranking._Single.of(query, matrix, gone)
    every = label_ranking._score(query, Candidates.all_of(matrix), single)
    ranking = sorted(zip((-every).tolist(), matrix.ids.tolist(), strict=True))
    hits = [(id.decode(), -value) for value, id in ranking if value < 0]
    return hits[query.offset : query.offset + query.limit]


def ranked(matrix, query, gone):
    """Some photos scored wherever it can be done."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(label_ranking, "FEW", 1)
        return best([score(matrix, query, gone)], query.limit, query.offset)


@pytest.fixture
def chosen(monkeypatch):
    """Scores some photos wherever it can be done, and tells how many each time."""
    monkeypatch.setattr(label_ranking, "FEW", 1)
    counts = []
    score_some = label_ranking._score_some

    def counting(matrix, query, single, rows):
        counts.append(len(rows))
        return score_some(matrix, query, single, rows)

    monkeypatch.setattr(label_ranking, "_score_some", counting)
    return counts


@settings(max_examples=300, deadline=None)
@given(query=queries, gone=st.sets(st.integers(0, len(LIBRARY) - 1), max_size=10))
def test_ranks_as_if_every_photo_were_scored(query, gone):
    rows = np.array(sorted(gone), np.int64)
    assert ranked(MATRIX, query, rows) == plain(MATRIX, query, rows)


def test_few_photos_are_scored(chosen):
    query = Query(weights=dict.fromkeys(WNIDS[:10], 1.0), limit=10)
    assert len(best([score(MATRIX, query, NONE)], 10, 0)) == 10
    assert len(chosen) == 1 and 10 <= chosen[0] < len(LIBRARY) / 4


def test_a_label_that_outweighs_the_others_is_read_whole(chosen):
    """A word's own label, and those that are only related to it: the bound is that of these."""
    light = dict.fromkeys(WNIDS[1:20], 2**-8)
    assert label_ranking._cut(MATRIX, {WNIDS[0]: 1.0, **light}) <= 2**-8
    assert label_ranking._cut(MATRIX, dict.fromkeys(WNIDS, 1.0)) == 1.0
    query = Query(weights={WNIDS[0]: 1.0, **light}, limit=10)
    found = best([score(MATRIX, query, NONE)], 10, 0)
    assert found == plain(MATRIX, query, NONE)
    assert len(chosen) == 1 and chosen[0] < 20


@settings(max_examples=100, deadline=None)
@given(query=queries, count=st.integers(0, len(LIBRARY)), head=st.sampled_from([0.01, 0.05, 2]))
def test_photos_that_an_earlier_version_split_elsewhere_rank_the_same(query, count, head):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(label_matrix, "HEAD", head)
        earlier = matrix_of(LIBRARY[:count])
    joined = join([(earlier, NONE), (matrix_of(LIBRARY[count:]), NONE)])
    assert ranked(joined, query, NONE) == plain(MATRIX, query, NONE)


def test_all_are_scored_where_the_best_are_left_out_by_small_probabilities(chosen, monkeypatch):
    monkeypatch.setattr(label_ranking, "LOOSE", 0)  # no label is read whole
    query = Query(weights=dict.fromkeys(WNIDS[:5], 1.0), limit=20)
    held = {photo.id: photo for photo in LIBRARY}
    first = [held[id] for id, _ in best([score(MATRIX, query, NONE)], 20, 0)]
    small = Counter(one.wnid for photo in first for one in photo.labels if one.probability < HEAD)
    often = {wnid: 1.0 for wnid, _ in small.most_common(2)}
    query = replace(query, filters=(ExcludedLabels(often, 2**-12),))
    chosen.clear()
    found = score(MATRIX, query, NONE)
    assert best([found], 20, 0) == plain(MATRIX, query, NONE)
    assert len(best([found], 20, 0)) == 20
    assert len(chosen) == 1 and chosen[0] < len(LIBRARY)  # some were scored before, in vain
    assert len(found.ids) == len(LIBRARY)


def test_without_labels_the_lifted_photos_alone_are_scored(chosen):
    lifted = {photo.id: 0.5 for photo in LIBRARY[:7]}
    scored = score(MATRIX, Query(boosts=lifted), NONE)
    assert sorted(scored.ids.tolist()) == sorted(id.encode() for id in lifted)
    assert chosen == [7]
    assert len(score(MATRIX, Query(), NONE).ids) == 0


@settings(max_examples=50, deadline=None)
@given(
    cuts=st.lists(st.integers(0, len(LIBRARY)), max_size=4).map(sorted),
    gone=st.sets(st.integers(0, len(LIBRARY) - 1), max_size=30),
    asked=weights,
)
def test_parts_that_are_joined_are_the_matrix_of_all(cuts, gone, asked):
    bounds = [0, *cuts, len(LIBRARY)]
    parts = []
    for number, (start, end) in enumerate(pairwise(bounds)):
        known = WNIDS if number else (*WNIDS, "n99999999")  # a label that no photo has
        left = np.array([row - start for row in sorted(gone) if start <= row < end], np.int64)
        parts.append((matrix_of(LIBRARY[start:end], known), left))
    joined = join(parts)
    kept = [photo for row, photo in enumerate(LIBRARY) if row not in gone]
    whole = matrix_of(kept)
    assert np.array_equal(joined.ids, whole.ids)
    assert np.array_equal(joined.rests, whole.rests)
    for cut in (0, 1, 4):
        assert np.array_equal(joined.sums(asked, cut), whole.sums(asked, cut))
    rows = np.arange(len(kept))
    assert np.array_equal(joined.sums_of(rows, asked), whole.sums(asked))
    assert np.array_equal(joined.rows_of([photo.id for photo in kept]), rows)


@given(asked=weights)
@settings(deadline=None)
def test_sums_are_those_of_each_photo_by_itself(asked):
    """Products in float32, added in float64 label by label: to the last bit, as Lucene does."""
    factors = {wnid: np.float32(weight) for wnid, weight in asked.items()}
    for photo, total in zip(LIBRARY[::9], MATRIX.sums(asked)[::9], strict=True):
        shares = {label.wnid: np.float32(label.probability) for label in photo.labels}
        products = [float(factors[w] * shares[w]) for w in WNIDS if w in factors and w in shares]
        assert total == reduce(operator.add, products, 0.0)  # newer sum() rounds less


@given(asked=weights, cut=st.floats(0, 4, width=32))
@settings(deadline=None)
def test_no_photo_misses_more_than_the_cut_times_its_rest(asked, cut):
    least, whole = MATRIX.sums(asked, cut), MATRIX.sums(asked)
    assert (least <= whole).all()
    assert (whole <= least + cut * MATRIX.rests).all()


@given(asked=weights)
@settings(deadline=None)
def test_a_cut_is_the_weight_of_a_label_or_none(asked):
    cut = label_ranking._cut(MATRIX, asked)
    assert cut in [0, *(by for wnid, by in asked.items() if wnid in WNIDS)]


@given(asked=weights, rows=st.sets(st.integers(0, len(LIBRARY) - 1)))
@settings(deadline=None)
def test_some_photos_have_the_sums_that_all_have(asked, rows):
    some = np.array(sorted(rows), np.int64)
    assert np.array_equal(MATRIX.sums_of(some, asked), MATRIX.sums(asked)[some])
