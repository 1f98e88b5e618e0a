"""Neighbour lists that grow and shrink step by step equal those of a full rebuild."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.linking import changed_lists
from indexer.records import Neighbour
from indexer.vectors import Vectors

POOL = 60


def pool(seed: int) -> np.ndarray:
    """Unit vectors of few dimensions, some twice: many ties and close calls."""
    rows = np.random.default_rng(seed).integers(-2, 3, size=(POOL, 4)).astype(np.float32) + 0.1
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def library(members: set[int], rows: np.ndarray) -> Vectors:
    ordered = sorted(members)
    return Vectors(tuple(f"{number:04x}" for number in ordered), rows[ordered])


def apply(vectors: Vectors, stored: dict, count: int) -> dict:
    """What a store holds after `link`: present photos only, changed lists replaced."""
    kept = {photo: stored.get(photo, ()) for photo in vectors.ids}
    return kept | changed_lists(vectors, kept, count=count)


@given(seed=st.integers(0, 20), count=st.integers(1, 8),
       steps=st.lists(st.sets(st.integers(0, POOL - 1), max_size=12), max_size=6))
@settings(max_examples=80, deadline=None)
def test_any_sequence_of_adds_and_removals_leaves_the_lists_of_a_full_rebuild(seed, count, steps):
    rows, members, stored = pool(seed), set(range(0, POOL, 3)), {}
    for toggled in [set(), *steps]:
        members ^= toggled
        vectors = library(members, rows)
        stored = apply(vectors, stored, count)
        assert stored == apply(vectors, {}, count)


def test_one_new_photo_touches_only_the_lists_it_enters():
    rows = np.random.default_rng(3).normal(size=(POOL, 8)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    before = apply(library(set(range(POOL - 1)), rows), {}, 5)
    after = library(set(range(POOL)), rows)
    changed = changed_lists(after, before, count=5)
    newcomer = f"{POOL - 1:04x}"
    assert newcomer in changed
    for photo in set(changed) - {newcomer}:
        assert newcomer in {near.id for near in changed[photo]}
    assert len(changed) < POOL / 2


def test_lists_that_are_right_are_not_written_again():
    vectors = library(set(range(20)), pool(1))
    assert changed_lists(vectors, apply(vectors, {}, 5), count=5) == {}


def test_the_last_photo_of_a_library_loses_its_neighbours():
    assert changed_lists(library({1}, pool(1)), {"0001": (Neighbour("0002", 0.5),)}) == {"0001": ()}


def test_an_empty_library_has_nothing_to_link():
    assert changed_lists(library(set(), pool(1)), {}) == {}


def test_lists_left_half_written_by_a_death_are_completed():
    vectors = library(set(range(30)), pool(2))
    whole = apply(vectors, {}, 6)
    half = {photo: neighbours if number % 2 else () for number, (photo, neighbours)
            in enumerate(whole.items())}
    assert apply(vectors, half, 6) == whole
