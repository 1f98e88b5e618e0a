"""Neighbour lists that grow and shrink step by step equal those of a full rebuild."""

import numpy as np
import pytest
from cloud_samples import INFO, clouds, photos
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.derived.vectors import Vectors
from indexer.neighbours import open_index
from indexer.neighbours.exact import ExactIndex
from indexer.records import Neighbour
from indexer.run import linking
from indexer.run.linking import changed_lists, link
from indexer.run.stored_lists import StoredLists
from indexer.stores import open_store

POOL = 60
EXACT = ExactIndex(None)


def pool(seed: int) -> np.ndarray:
    """Unit vectors of few dimensions, some twice: many ties and close calls."""
    rows = np.random.default_rng(seed).integers(-2, 3, size=(POOL, 4)).astype(np.float32) + 0.1
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def library(members: set[int], rows: np.ndarray) -> Vectors:
    ordered = sorted(members)
    return Vectors.of(tuple(f"{number:04x}" for number in ordered), rows[ordered])


def changed(vectors: Vectors, stored: dict, count: int = 50) -> dict:
    known = StoredLists.none(len(vectors))
    known.take_in(stored.items(), vectors)
    changes = changed_lists(vectors, known, EXACT, count)
    lists = changes.lists.neighbours(vectors.ids)
    return {vectors.ids[at]: near for at, near in zip(changes.positions, lists, strict=True)}


def apply(vectors: Vectors, stored: dict, count: int) -> dict:
    """What a store holds after `link`: present photos only, changed lists replaced."""
    kept = {photo: stored.get(photo, ()) for photo in vectors.ids}
    return kept | changed(vectors, kept, count)


steps = st.lists(st.sets(st.integers(0, POOL - 1), max_size=12), max_size=6)


@pytest.mark.parametrize("many_new", [0.25, 1.0])
@given(seed=st.integers(0, 20), count=st.integers(1, 8), steps=steps)
@settings(max_examples=50, deadline=None)
def test_any_sequence_of_adds_and_removals_leaves_the_lists_of_a_full_rebuild(
    seed, count, steps, many_new
):
    rows, members, stored = pool(seed), set(range(0, POOL, 3)), {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(linking, "MANY_NEW", many_new)
        for toggled in [set(), *steps]:
            members ^= toggled
            vectors = library(members, rows)
            stored = apply(vectors, stored, count)
            assert stored == apply(vectors, {}, count)


@pytest.mark.parametrize("many_new", [0.25, 1.0])
@given(seed=st.integers(0, 20), count=st.integers(1, 8), steps=steps)
@settings(max_examples=50, deadline=None)
def test_photos_that_get_other_vectors_leave_the_lists_of_a_full_rebuild(
    seed, count, steps, many_new
):
    rows, members, stored = pool(seed), set(range(0, POOL, 2)), {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(linking, "MANY_NEW", many_new)
        for changed_ones in [set(), *steps]:
            for number in changed_ones:
                rows[number] = rows[(number + 7) % POOL]
            stored = {
                id: () if int(id, 16) in changed_ones else near for id, near in stored.items()
            }
            vectors = library(members, rows)
            stored = apply(vectors, stored, count)
            assert stored == apply(vectors, {}, count)


def test_one_new_photo_touches_only_the_lists_it_enters():
    rows = np.random.default_rng(3).normal(size=(POOL, 8)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    before = apply(library(set(range(POOL - 1)), rows), {}, 5)
    after = library(set(range(POOL)), rows)
    lists = changed(after, before, count=5)
    newcomer = f"{POOL - 1:04x}"
    assert newcomer in lists
    for photo in set(lists) - {newcomer}:
        assert newcomer in {near.id for near in lists[photo]}
    assert len(lists) < POOL / 2


def test_lists_that_are_right_are_not_written_again():
    vectors = library(set(range(20)), pool(1))
    assert changed(vectors, apply(vectors, {}, 5), count=5) == {}


def test_the_last_photo_of_a_library_loses_its_neighbours():
    assert changed(library({1}, pool(1)), {"0001": (Neighbour("0002", 0.5),)}) == {"0001": ()}


def test_an_empty_library_has_nothing_to_link():
    assert changed(library(set(), pool(1)), {}) == {}


def test_lists_that_a_death_left_half_written_are_completed():
    vectors = library(set(range(30)), pool(2))
    whole = apply(vectors, {}, 6)
    half = {
        photo: neighbours if number % 2 else ()
        for number, (photo, neighbours) in enumerate(whole.items())
    }
    assert apply(vectors, half, 6) == whole


# In a store

IDS = [f"{number * 7919 % 10_007:032x}" for number in range(400)]


@pytest.fixture
def store(open_home):
    store = open_home()
    store.identity.create(INFO)
    return store


def linked_afresh(store, tmp_path_factory):
    """The lists that a fresh store of the same photos gets."""
    fresh = open_store(f"sqlite:///{tmp_path_factory.mktemp('fresh')}/photos.db")
    fresh.identity.create(INFO)
    held = list(store.photos.scan())
    fresh.photos.put(
        photos(np.stack([photo.vector for photo in held]), [photo.id for photo in held])
    )
    link(fresh, EXACT)
    lists = dict(fresh.lists.read())
    fresh.close()
    return lists


def test_a_store_that_changed_between_runs_has_the_lists_of_a_new_one(store, tmp_path_factory):
    rows = clouds(400)
    store.photos.put(photos(rows[:200], IDS[:200]))
    for start, end in ((0, 0), (0, 30), (0, 5), (100, 150)):
        store.photos.delete(IDS[start:end])
        at = 200 + start
        store.photos.put(photos(rows[at : at + 30], IDS[at : at + 30]))
        link(store, EXACT)
        assert dict(store.lists.read()) == linked_afresh(store, tmp_path_factory)


def damage_lists(store):
    store.derived("lists").write_bytes(b"nothing of use")


@pytest.mark.parametrize("trouble", [
    damage_lists,
    lambda store: store.derived("lists").unlink(),
    lambda store: store.lists.replace({IDS[3]: (), IDS[9]: [Neighbour(IDS[1], 0.5)]}),
], ids=["damaged", "missing", "written by another"])  # fmt: skip
def test_damage_to_lists_and_their_file_is_repaired(store, trouble, tmp_path_factory):
    store.photos.put(photos(clouds(100), IDS[:100]))
    link(store, EXACT)
    trouble(store)
    store.photos.put(photos(clouds(5, seed=1), IDS[100:105]))
    link(store, EXACT)
    assert dict(store.lists.read()) == linked_afresh(store, tmp_path_factory)


def test_an_older_copy_of_the_store_is_linked_by_its_own_lists(store, open_home, tmp_path):
    store.photos.put(photos(clouds(100), IDS[:100]))
    link(store, EXACT)
    store.close()
    copy = (tmp_path / "photos.db").read_bytes()
    later = open_home()
    later.photos.delete(IDS[:40])
    link(later, EXACT)
    later.close()
    (tmp_path / "photos.db").write_bytes(copy)
    older = open_home()
    before = dict(older.lists.read())
    assert link(older, EXACT) == 0
    assert dict(older.lists.read()) == before and len(before) == 100


def test_only_lists_that_were_written_since_are_read(store, monkeypatch):
    store.photos.put(photos(clouds(100), IDS[:100]))
    link(store, EXACT)
    store.photos.put(photos(clouds(1, seed=1), IDS[100:101]))
    read = []
    read_lists = type(store.lists).read

    def counting(self, since=None):
        lists = list(read_lists(self, since))
        read.append(len(lists))
        return iter(lists)

    monkeypatch.setattr(type(store.lists), "read", counting)
    written = link(store, EXACT)
    assert 1 < written < 100 and read == [1]
    assert link(store, EXACT) == 0 and read == [1]


@pytest.mark.parametrize("name", ["cells", "annoy"])
def test_lists_of_approximate_indexes_hold_nearly_all_neighbours(store, name, few_are_enough):
    store.photos.put(photos(clouds(400), IDS))
    link(store, open_index(name, store))
    approximate = dict(store.lists.read())
    store.lists.replace(dict.fromkeys(IDS, ()))
    link(store, EXACT)
    exact = dict(store.lists.read())
    shared = [len({*exact[id]} & {*approximate[id]}) / 50 for id in IDS]
    assert np.mean(shared) >= 0.98
