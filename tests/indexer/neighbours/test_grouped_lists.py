"""Lists that are computed cell by cell: nearly those of comparing with all photos."""

import numpy as np
import pytest
from cloud_samples import INFO, clouds, photos

from indexer.neighbours import open_index
from indexer.neighbours.approximate import grouped_lists
from indexer.neighbours.approximate import index as approximate_index
from indexer.neighbours.comparing.lists import exact_lists
from indexer.run.linking import link

COUNT, NEAR = 900, 20
IDS = [f"{number:032x}" for number in range(2 * COUNT)]


@pytest.fixture
def store(open_home, few_are_enough, monkeypatch):
    monkeypatch.setattr(approximate_index, "FEWEST_FOR_GROUPS", 300)
    store = open_home()
    store.identity.create(INFO)
    store.photos.put(photos(clouds(COUNT), IDS[:COUNT]))
    return store


@pytest.fixture
def grouped(monkeypatch):
    """The numbers of photos whose lists were computed cell by cell."""
    counts = []
    compute = grouped_lists.grouped_lists

    def counting(view, groups, positions, count):
        counts.append(len(positions))
        return compute(view, groups, positions, count)

    monkeypatch.setattr(approximate_index, "grouped_lists", counting)
    return counts


def check(store, index, positions):
    vectors = store.photos.vectors()
    found = index.lists(vectors, positions, NEAR)
    true = exact_lists(vectors, positions, NEAR)
    assert found.near.shape == (len(positions), NEAR)
    assert (found.near != positions[:, None]).all() and (found.near >= 0).all()
    hits = [np.isin(*rows).mean() for rows in zip(true.near, found.near, strict=True)]
    assert np.mean(hits) > 0.98
    same = (true.near == found.near).all(1)
    assert same.mean() > 0.7
    assert np.array_equal(true.millionths[same], found.millionths[same])


def test_the_lists_of_all_photos(store, grouped):
    index = open_index("cells", store)
    index.prepare()
    check(store, index, np.arange(COUNT))
    assert grouped == [COUNT]


def test_the_lists_of_some_photos_where_others_came_and_left(store, grouped):
    index = open_index("cells", store)
    index.prepare()
    store.photos.put(photos(clouds(12, seed=2), IDS[COUNT : COUNT + 12]))
    store.photos.delete(IDS[3:9])
    chosen = np.sort(np.random.default_rng(1).permutation(COUNT + 6)[:300])
    check(store, index, np.union1d(chosen, np.arange(COUNT - 6, COUNT + 6)))
    assert len(grouped) == 1


def test_lists_are_whole_although_nearly_all_photos_around_have_left(store, grouped):
    index = open_index("cells", store)
    index.prepare()
    rows = clouds(COUNT)
    near = np.argsort(-rows @ rows[0])
    store.photos.delete([IDS[row] for row in near[1:300]])
    check(store, index, np.arange(0, COUNT - 299, 2))


@pytest.mark.parametrize("name", ["annoy", "cells"])
def test_without_groups_all_points_are_compared(name, store, grouped):
    index = open_index(name, store)
    if name == "annoy":
        index.prepare()
    check(store, index, np.arange(0, COUNT, 3))
    assert grouped == []


def test_large_libraries_are_linked_by_their_cells(store, grouped):
    index = open_index("cells", store)
    index.prepare()
    assert link(store, index) == COUNT
    assert grouped == [COUNT]
    assert all(len(photo.neighbours) == 50 for photo in store.photos.scan())
