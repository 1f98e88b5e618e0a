"""A copy of vectors that are read again and again: the same to the last bit."""

import errno
from pathlib import Path

import numpy as np
import pytest
from cloud_samples import INFO, clouds, photos

from indexer.derived import rows_at_hand as module
from indexer.derived.rows_at_hand import rows_at_hand
from indexer.derived.vectors import Vectors
from indexer.neighbours import open_index

COUNT = 500
IDS = [f"{number:032x}" for number in range(COUNT)]


@pytest.fixture
def store(open_home):
    store = open_home()
    store.identity.create(INFO)
    store.photos.put(photos(clouds(COUNT), IDS))
    store.photos.delete(IDS[7:20])
    return store


def test_all_rows_are_the_same(store, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "BLOCK", 64)
    vectors = store.photos.vectors()
    some = np.array([400, 3, 3, 10, 499])
    with rows_at_hand(vectors, tmp_path) as held:
        assert held.rows is not vectors.rows and held.rows.shape == vectors.rows.shape
        assert held.ids == vectors.ids and len(held.rows) == COUNT
        for part in (slice(5, 300), some, 42):
            assert np.array_equal(held.rows[part], vectors.rows[part])
        assert np.array_equal(held.take(), vectors.take())
        query = vectors.rows[42]
        assert np.allclose(held.rows @ query, vectors.rows[:] @ query, atol=1e-6)


def test_the_copy_is_gone_afterwards_and_never_had_a_name(store, tmp_path):
    folder = tmp_path / "beside"
    folder.mkdir()
    with rows_at_hand(store.photos.vectors(), folder):
        assert [*folder.iterdir()] == []
    assert [*folder.iterdir()] == []


def test_rows_that_are_an_array_are_not_copied(tmp_path):
    vectors = Vectors.of(IDS[:4], clouds(4))
    with rows_at_hand(vectors, tmp_path) as held:
        assert held is vectors


def test_a_full_disk_costs_time_only(store, tmp_path, monkeypatch):
    def full(rows, file):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(module, "_write", full)
    vectors = store.photos.vectors()
    with rows_at_hand(vectors, tmp_path) as held:
        assert held is vectors


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="has no disk that is always full")
def test_a_disk_that_is_full_to_the_end_ends_no_run(store, tmp_path, monkeypatch):
    opened = []

    def on_full_disk(dir):
        opened.append(Path("/dev/full").open("w+b"))  # noqa: SIM115
        return opened[-1]

    monkeypatch.setattr(module, "TemporaryFile", on_full_disk)
    monkeypatch.setattr(module, "BLOCK", 1)  # so that something waits to be written at the end
    vectors = store.photos.vectors()
    with rows_at_hand(vectors, tmp_path) as held:
        assert held is vectors and opened[0].closed


@pytest.mark.parametrize("name", ["annoy", "cells"])
def test_lists_are_the_same(name, store, few_are_enough, monkeypatch):
    vectors, index = store.photos.vectors(), open_index(name, store)
    index.prepare()
    positions, kinds = np.arange(len(vectors)), []

    def noting(given, folder):
        kinds.append(folder)
        return rows_at_hand(given, folder)

    monkeypatch.setattr("indexer.neighbours.approximate.index.rows_at_hand", noting)
    found = index.lists(vectors, positions, 20)
    assert kinds == [store.derived(name).parent]
    monkeypatch.setattr("indexer.neighbours.approximate.index.READ_AGAIN", 0)
    plain = index.lists(vectors, positions, 20)
    assert len(kinds) == 1
    assert np.array_equal(found.near, plain.near)
    assert np.array_equal(found.millionths, plain.millionths)
