"""The exact index and what it compares with, against a plain computation in float64."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.derived.vectors import Vectors
from indexer.neighbours.comparing import scanning
from indexer.neighbours.comparing.cosines import cosines_of, cosines_of_pairs
from indexer.neighbours.comparing.lists import exact_lists
from indexer.neighbours.comparing.scanning import Scan
from indexer.neighbours.exact import exact_nearest


def some_vectors(count: int, dimensions: int = 12, seed: int = 0, copies: int = 0) -> Vectors:
    rows = np.random.default_rng(seed).normal(size=(count, dimensions)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    rows[count - copies :] = rows[0]
    return Vectors.of(tuple(f"{number:032x}" for number in range(count)), rows)


def with_dead_rows(vectors: Vectors, seed: int) -> Vectors:
    """The same photos, their rows scattered among those of photos that left."""
    random = np.random.default_rng(seed)
    rows = np.repeat(vectors.take(), 3, 0) * np.float32(1.0)
    row_of = random.permutation(len(rows))[: len(vectors)]
    rows[row_of] = vectors.take()
    return Vectors(vectors.names, rows, row_of)


def by_hand(vectors: Vectors, query: np.ndarray) -> list[tuple[float, str]]:
    cosines = [
        round(float(np.dot(row.astype(float), query.astype(float))), 6) for row in vectors.take()
    ]
    return sorted((-cosine, photo) for cosine, photo in zip(cosines, vectors.ids, strict=True))


@given(
    count=st.integers(1, 40),
    wanted=st.integers(1, 60),
    seed=st.integers(0, 99),
    copies=st.integers(0, 5),
    queries=st.sampled_from([1, 4, 9]),
)
@settings(max_examples=60, deadline=None)
def test_nearest_is_what_a_plain_computation_finds(count, wanted, seed, copies, queries):
    vectors = some_vectors(count, seed=seed, copies=min(copies, count - 1))
    vectors = with_dead_rows(vectors, seed)
    asked = some_vectors(queries, seed=seed + 1).rows
    found = exact_nearest(vectors, asked, wanted)
    for query, near in zip(asked, found, strict=True):
        assert [(-one.cosine, one.id) for one in near] == by_hand(vectors, query)[:wanted]


@pytest.mark.parametrize("count", [2, 30])
def test_a_photo_is_not_its_own_neighbour_even_among_copies(count):
    vectors = some_vectors(count, copies=count - 1)
    lists = exact_lists(vectors, np.arange(count), count - 1)
    for position, near in enumerate(lists.near.tolist()):
        assert near == [other for other in range(count) if other != position]


@given(
    seed=st.integers(0, 20),
    tile=st.sampled_from([7, 64, 4096]),
    step=st.sampled_from([2, 16]),
    block=st.sampled_from([3, 256]),
)
@settings(max_examples=20, deadline=None)
def test_blocks_tiles_and_samples_change_no_list(seed, tile, step, block):
    vectors = with_dead_rows(some_vectors(300, seed=seed), seed)
    plain = [
        [int(id, 16) for _, id in by_hand(vectors, row) if int(id, 16) != own][:10]
        for own, row in enumerate(vectors.take())
    ]
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("TILE", tile), ("SAMPLED", step), ("QUERIES", block)):
            patch.setattr(scanning, name, value)
        assert exact_lists(vectors, np.arange(300), 10).near.tolist() == plain


def test_a_sample_that_misleads_changes_no_list(monkeypatch):
    vectors = some_vectors(400)
    right = exact_lists(vectors, np.arange(400), 10).near.tolist()
    misled = np.full(400, 0.999, np.float32)
    monkeypatch.setattr(Scan, "_bars", lambda _, block, count: misled[: len(block)])
    assert exact_lists(vectors, np.arange(400), 10).near.tolist() == right


@given(seed=st.integers(0, 50), tile=st.sampled_from([7, 4096]))
@settings(max_examples=20, deadline=None)
def test_every_product_that_reaches_the_bar_of_its_row_is_found(seed, tile):
    points, queries = some_vectors(50, seed=seed).rows, some_vectors(9, seed=seed + 1).rows
    bars = np.random.default_rng(seed).uniform(-1, 1, 50).astype(np.float32)
    bars[3] = np.inf
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scanning, "TILE", tile)
        found = Scan(points).reaching(queries, bars)
    expected = np.nonzero(queries @ points.T >= bars)
    assert set(zip(*found, strict=True)) == set(zip(*expected, strict=True))


@given(seed=st.integers(0, 200))
def test_cosine_of_itself_is_1_of_its_opposite_minus_1_and_order_does_not_matter(seed):
    rows = some_vectors(2, seed=seed).rows
    assert cosines_of(rows[0], rows[:1])[0] == 1.0
    assert cosines_of(-rows[0], rows[:1])[0] == -1.0
    assert cosines_of(rows[0], rows[1:]) == cosines_of(rows[1], rows[:1])
    assert cosines_of_pairs(rows, rows[::-1]).tolist() == [cosines_of(rows[0], rows[1:])[0]] * 2


def test_perpendicular_vectors_have_cosine_zero_without_a_sign():
    rows = np.eye(3, dtype=np.float32)
    assert str(cosines_of(rows[0], rows[1:2])[0]) == "0.0"
    assert str(cosines_of(-rows[0], rows[1:2])[0]) == "0.0"
