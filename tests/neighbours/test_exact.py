"""The exact index against a plain computation in float64."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.errors import BadValue
from indexer.neighbours import build, names
from indexer.neighbours.exact import cosines_of
from indexer.vectors import Vectors


def some_vectors(count: int, dimensions: int = 12, seed: int = 0, copies: int = 0) -> Vectors:
    rows = np.random.default_rng(seed).normal(size=(count, dimensions)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    rows[count - copies :] = rows[0]
    return Vectors(tuple(f"{number:032x}" for number in range(count)), rows)


def by_hand(vectors: Vectors, query: np.ndarray) -> list[tuple[float, str]]:
    cosines = [round(float(np.dot(row.astype(float), query.astype(float))), 6)
               for row in vectors.rows]
    return sorted((-cosine, photo) for cosine, photo in zip(cosines, vectors.ids, strict=True))


@given(count=st.integers(1, 40), wanted=st.integers(1, 60), seed=st.integers(0, 99),
       copies=st.integers(0, 5))
@settings(max_examples=60, deadline=None)
def test_nearest_is_what_a_plain_computation_finds(count, wanted, seed, copies):
    vectors = some_vectors(count, seed=seed, copies=min(copies, count - 1))
    query = some_vectors(1, seed=seed + 1).rows
    found = build("exact", vectors).nearest(query, wanted)[0]
    expected = by_hand(vectors, query[0])[:wanted]
    assert [(-near.cosine, near.id) for near in found] == expected


@pytest.mark.parametrize("count", [2, 30])
def test_a_photo_is_not_its_own_neighbour_even_among_copies(count):
    vectors = some_vectors(count, copies=count - 1)
    lists = build("exact", vectors).neighbours_of(vectors.ids, 50)
    for photo, neighbours in lists.items():
        assert photo not in {near.id for near in neighbours}
        assert len(neighbours) == count - 1
        assert [near.id for near in neighbours] == sorted(near.id for near in neighbours)


def test_blocks_give_the_same_lists_as_one_piece(monkeypatch):
    vectors = some_vectors(90)
    whole = build("exact", vectors).neighbours_of(vectors.ids, 10)
    monkeypatch.setattr("indexer.neighbours.exact._BLOCK_CELLS", 200)
    assert build("exact", vectors).neighbours_of(vectors.ids, 10) == whole


@given(seed=st.integers(0, 200), scale=st.floats(0.01, 100))
def test_cosine_of_itself_is_1_of_its_opposite_minus_1_and_order_does_not_matter(seed, scale):
    rows = some_vectors(2, seed=seed).rows
    assert cosines_of(rows[0], rows[:1])[0] == 1.0
    assert cosines_of(-rows[0], rows[:1])[0] == -1.0
    assert cosines_of(rows[0], rows[1:]) == cosines_of(rows[1], rows[:1])


def test_perpendicular_vectors_have_cosine_zero_without_a_sign():
    rows = np.eye(3, dtype=np.float32)
    assert str(cosines_of(rows[0], rows[1:2])[0]) == "0.0"
    assert str(cosines_of(-rows[0], rows[1:2])[0]) == "0.0"


def test_an_unknown_index_is_named_with_those_that_exist():
    with pytest.raises(BadValue, match="unknown neighbour index 'nearest': use one of exact"):
        build("nearest", some_vectors(2))
    assert "exact" in names()
