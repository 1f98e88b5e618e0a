"""How approximate indexes follow a store: what they keep, and when they are rebuilt."""

import threading
import time
from collections.abc import Callable

import numpy as np
import pytest
from cloud_samples import INFO, clouds, photos

from indexer.neighbours import open_index
from indexer.neighbours.annoy import Trees
from indexer.neighbours.approximate import base
from indexer.neighbours.approximate import index as approximate_index
from indexer.neighbours.approximate.base import Base
from indexer.neighbours.approximate.projection import Sample
from indexer.neighbours.cells import Cells

COUNT = 600
IDS = [f"{number:032x}" for number in range(2 * COUNT)]


@pytest.fixture(params=["annoy", "cells"])
def name(request):
    return request.param


@pytest.fixture
def store(open_home, few_are_enough):
    store = open_home()
    store.identity.create(INFO)
    store.photos.put(photos(clouds(COUNT), IDS[:COUNT]))
    return store


@pytest.fixture
def builds(monkeypatch):
    """The numbers of photos that bases were built of."""
    counts = []
    build = Base.build.__func__

    def counting(cls, vectors, kind, efforts):
        counts.append(len(vectors))
        return build(cls, vectors, kind, efforts)

    monkeypatch.setattr(Base, "build", classmethod(counting))
    return counts


def wait(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_base_is_built_once_and_read_by_the_next_process(name, store, open_home, builds):
    index = open_index(name, store)
    index.prepare()
    index.prepare()
    again = open_index(name, open_home())
    queries = clouds(5, seed=1)
    assert again.nearest(queries, 20) == index.nearest(queries, 20)
    again.prepare()
    assert builds == [COUNT]
    assert again.about() == index.about()


def test_searches_never_wait_for_a_base(name, store, builds, monkeypatch):
    go_on = threading.Event()
    build = Base.build
    monkeypatch.setattr(Base, "build", lambda *given: (go_on.wait(60), build(*given))[1])
    index = open_index(name, store)
    query = clouds(1, seed=1)
    before = [index.nearest(query, 20) for _ in range(3)]
    assert index.about().index == "exact" and builds == []
    go_on.set()
    wait(lambda: index.about().index == name)
    assert builds == [COUNT] and before == [index.nearest(query, 20)] * 3


def test_a_few_photos_are_searched_beside_the_base_and_many_lead_to_a_new_one(name, store, builds):
    index = open_index(name, store)
    index.prepare()
    store.photos.put(photos(clouds(15, seed=2), IDS[COUNT : COUNT + 15]))
    index.nearest(clouds(1), 5)
    assert index.about().photos == COUNT
    many = clouds(80, seed=3)
    store.photos.put(photos(many, IDS[COUNT + 15 : COUNT + 95]))
    assert index.nearest(many[:1], 1)[0][0].id == IDS[COUNT + 15]
    wait(lambda: index.about().photos == COUNT + 95)
    assert builds == [COUNT, COUNT + 95]


def test_removals_lead_to_a_new_base_too(name, store, builds):
    index = open_index(name, store)
    index.prepare()
    store.photos.delete(IDS[:100])
    index.prepare()
    assert builds == [COUNT, COUNT - 100]


def test_a_library_that_shrinks_below_the_limit_is_searched_as_a_whole(name, store, builds):
    index = open_index(name, store)
    index.prepare()
    store.photos.delete(IDS[: COUNT - 100])
    assert len(index.nearest(clouds(1), 200)[0]) == 100
    index.prepare()
    assert builds == [COUNT]


def test_small_libraries_have_no_base(name, store, builds, monkeypatch, tmp_path):
    monkeypatch.setattr(approximate_index, "FEWEST", COUNT + 1)
    index = open_index(name, store)
    index.prepare()
    index.nearest(clouds(1), 5)
    assert builds == [] and not (tmp_path / f"photos.db.{name}").exists()
    assert index.about().index == "exact"


def spoil(path):
    """Change the file as a disk would, for those who open it later."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 255
    path.unlink()
    path.write_bytes(content)


def cut(path):
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content[:-64])


@pytest.mark.parametrize("damage", [spoil, cut, lambda path: path.unlink()])
def test_damaged_files_are_rebuilt(name, store, open_home, builds, damage, tmp_path):
    open_index(name, store).prepare()
    number = len(list(tmp_path.glob(f"photos.db.{name}*")))
    assert number == {"annoy": 2, "cells": 1}[name]
    for which in range(number):
        damage(sorted(tmp_path.glob(f"photos.db.{name}*"))[which])
        index = open_index(name, open_home())
        assert len(index.nearest(clouds(1), 20)[0]) == 20
        wait(lambda index=index: index.about().index == name)
        open_index(name, open_home()).prepare()
    assert builds == [COUNT] * (1 + number)
    assert len(list(tmp_path.glob(f"photos.db.{name}*"))) == number


def test_a_base_of_another_file_of_rows_is_ignored(name, store, open_home, builds, tmp_path):
    open_index(name, store).prepare()
    for file in (tmp_path / "photos.db.vectors").iterdir():
        file.unlink()
    index = open_index(name, open_home())
    index.prepare()
    assert builds == [COUNT, COUNT]
    assert len(index.nearest(clouds(1), 20)[0]) == 20


def test_a_full_disk_costs_no_answer(name, store, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Base, "save", full)
    index = open_index(name, store)
    index.prepare()
    assert index.about().index == name
    assert len(index.nearest(clouds(1), 20)[0]) == 20


@pytest.mark.parametrize("kind", [Cells, Trees])
def test_the_same_points_give_the_same_answers(kind):
    points, queries = clouds(3000), clouds(50, seed=1)
    one, two = (kind.build(points).looking(10 if kind is Cells else 500) for _ in range(2))
    for query in queries:
        assert sorted(one.nearest(query, 50)) == sorted(two.nearest(query, 50))


def test_cells_hold_every_point_once():
    points = clouds(2000)
    cells = Cells.build(points)
    assert sorted(cells.items.tolist()) == list(range(2000))
    assert np.array_equal(cells.points, points[cells.items])
    assert sorted(cells.looking(10_000).nearest(points[0], 2000)) == list(range(2000))


def test_a_search_looks_into_the_wanted_number_of_cells_on_average():
    points = clouds(3000)
    for looked in (5, 20, 60):
        cells = Cells.build(points).looking(looked)
        cosines = points @ cells.centres.T
        within = cosines >= cosines.max(1, keepdims=True) - cells.reach
        assert within.sum(1).mean() == pytest.approx(looked, rel=0.05)
        assert cells.looked == looked


@pytest.mark.parametrize("looked, count, copies", [(8, 40, 1), (200, 5, 6)])
def test_the_length_of_a_point_changes_nothing_in_cells(looked, count, copies):
    cells = Cells.build(np.tile(clouds(3000), copies) / np.float32(copies**0.5)).looking(looked)
    point = np.tile(clouds(1, seed=1)[0], copies)
    longer = np.float32(20) * point
    assert sorted(cells.nearest(point, count)) == sorted(cells.nearest(longer, count))


def test_enough_points_are_found_although_one_cell_stands_out():
    random = np.random.default_rng(0)
    points = clouds(3000)
    points[:30] = points[0] + np.float32(0.001) * random.standard_normal((30, points.shape[1]))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    cells = Cells.build(points).looking(1)
    for count in (1, 31, 200, 1500):
        assert len(cells.nearest(points[0], count)) == count


@pytest.mark.parametrize("wanted, expected", [(0.0, 1), (0.5, 4), (0.9, 16), (2.0, 64)])
def test_the_least_effort_that_is_good_enough_is_chosen(wanted, expected, store, monkeypatch):
    recalls = {1: 0.2, 2: 0.3, 4: 0.6, 16: 0.95, 64: 0.97}

    class Trial(Cells):
        def nearest(self, point, count):
            return np.array([self.looked])

    monkeypatch.setattr(Sample, "recall", lambda self, found: recalls[int(found[0][0])])
    monkeypatch.setattr(base, "RECALL", wanted - base.MARGIN)
    built = Base.build(store.photos.vectors(), Trial, tuple(recalls))
    assert (built.finder.looked, built.recall) == (expected, recalls[expected])


def test_points_that_are_all_the_same_can_be_built_and_found():
    points = np.repeat(clouds(1), 500, 0)
    for kind in (Cells, Trees):
        found = kind.build(points).looking(2000).nearest(points[0], 20)
        assert len(set(found.tolist())) == 20
