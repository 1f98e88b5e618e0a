"""Rows of a mapped file come into memory, and nothing around them does."""

import ctypes
import mmap
import os
import sys
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.derived.paging import HINTED, Paging, pages
from indexer.records import Matrix

ROWS, WIDTH = 4000, 1280
PAGES_OF_A_ROW = 3  # 5,120 bytes, which may lie across two borders

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks Linux what is in memory")


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("paging") / "rows.bin"
    random = np.random.default_rng(0)
    with path.open("wb") as file:
        random.standard_normal((ROWS, WIDTH), np.float32).tofile(file)
        os.fsync(file.fileno())  # only what is on the disk can leave the memory
    return path


@pytest.fixture
def array(path) -> Matrix:
    array = np.asarray(np.memmap(path, np.float32, "r", 0, (ROWS, WIDTH)))
    forget(path)
    if in_memory(array).any():
        pytest.skip("this file system keeps files in memory")
    return array


def forget(path: Path) -> None:
    with path.open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def in_memory(array: Matrix) -> np.ndarray:
    """Which pages of the file are in memory, bool."""
    states = np.zeros(-(-array.nbytes // mmap.PAGESIZE), np.uint8)
    address, size = ctypes.c_void_p(array.ctypes.data), ctypes.c_size_t(array.nbytes)
    assert ctypes.CDLL(None).mincore(address, size, ctypes.c_void_p(states.ctypes.data)) == 0
    return states & 1 == 1


def pages_of(rows: np.ndarray) -> np.ndarray:
    firsts = rows * WIDTH * 4
    runs = pages(firsts, firsts + WIDTH * 4)
    ranges = [np.arange(start, end, mmap.PAGESIZE) // mmap.PAGESIZE for start, end in runs]
    return np.concatenate(ranges)


def make_wait(paging: Paging, array: Matrix) -> None:
    """Read a row that is not in memory."""
    with paging.reading(np.array([ROWS - 1])):
        array[ROWS - 1].sum()


def test_reading_a_few_rows_brings_nothing_else_into_memory(array):
    rows = np.arange(10) * 300
    with Paging(array).reading(rows):
        array[rows].sum()
    assert 10 <= in_memory(array).sum() <= 10 * PAGES_OF_A_ROW


def test_rows_are_fetched_before_they_are_read_once_a_read_had_to_wait(array):
    paging, rows = Paging(array), np.array([5, 6, 900, 2500])
    make_wait(paging, array)
    with paging.reading(rows):
        deadline = time.monotonic() + 20
        while not in_memory(array)[pages_of(rows)].all():
            assert time.monotonic() < deadline, "announced rows never came"
            time.sleep(0.01)
    assert in_memory(array).sum() <= (len(rows) + 1) * PAGES_OF_A_ROW


@pytest.fixture
def announced(path) -> tuple[Matrix, list[int]]:
    """The rows, and where the pages begin that the system was told to fetch."""
    starts: list[int] = []

    class Telling(mmap.mmap):
        def madvise(self, *hint: int) -> None:
            if hint[0] == mmap.MADV_WILLNEED:
                starts.append(hint[1])
            super().madvise(*hint)

    with path.open("rb") as file:
        mapping = Telling(file.fileno(), 0, access=mmap.ACCESS_READ)
    return np.ndarray((ROWS, WIDTH), np.float32, mapping), starts


def test_nothing_is_announced_where_no_read_waited(array, announced):
    rows, starts = announced
    paging = Paging(rows)
    assert not in_memory(array).any()
    for row in (7, 8):
        with paging.reading(np.array([row])):
            pass
    assert starts == [] and not in_memory(array).any()


def test_announcing_ends_where_reads_wait_no_more(array, announced):
    rows, starts = announced
    paging, row = Paging(rows), np.array([3])
    make_wait(paging, rows)
    with Paging(rows).reading(row):
        rows[3].sum()
    for _ in range(HINTED):
        with paging.reading(row):
            rows[3].sum()
    assert len(starts) == HINTED
    with paging.reading(np.array([2000])):
        pass
    assert len(starts) == HINTED and not in_memory(array)[pages_of(np.array([2000]))].any()


def reads_ahead(array: Matrix, start: int) -> bool:
    """Tell whether rows that follow come into memory too, where some are read in order."""
    for row in range(start, start + 20):
        array[row].sum()
    return bool(in_memory(array)[pages_of(np.arange(start + 21, start + 200))].any())


def test_who_reads_rows_in_order_later_has_those_fetched_that_follow(path, array):
    paging, rows = Paging(array), np.array([0])
    with paging.reading(rows), paging.reading(rows):  # as two threads do
        array[rows].sum()
    never_hinted = np.asarray(np.memmap(path, np.float32, "r", 0, (ROWS, WIDTH)))
    assert reads_ahead(array, 1000) or not reads_ahead(never_hinted, 3000)


def test_rows_are_the_same_with_and_without_hints(path, array):
    rows = np.array([0, 1, 1999, ROWS - 1])
    paging = Paging(array)
    make_wait(paging, array)
    with paging.reading(rows):
        found = array[rows]
    assert np.array_equal(found, np.fromfile(path, np.float32).reshape(ROWS, WIDTH)[rows])


def test_a_part_of_a_mapping_is_announced_where_it_lies(path, array):
    part = array[1000:]
    paging = Paging(part)
    make_wait(paging, array)
    with paging.reading(np.array([0])):
        part[0].sum()
    assert in_memory(array)[pages_of(np.array([1000]))].all()
    assert not in_memory(array)[pages_of(np.array([0]))].any()


@pytest.mark.parametrize("rows", [[], [0], [0, 1]])
def test_arrays_in_memory_and_no_rows_at_all_are_read_as_usual(array, rows):
    held = np.ones((2, 3), np.float32)
    with Paging(held).reading(np.array(rows, np.int64)):
        assert held[np.array(rows, np.int64)].sum() == 3 * len(rows)
    paging = Paging(array)
    make_wait(paging, array)
    with paging.reading(np.array(rows, np.int64)):
        pass


def test_a_refused_hint_fails_no_read(path, array):
    refused = []

    class Refusing(mmap.mmap):
        """A mapping on a system that takes no hint."""

        def madvise(self, *hint: int) -> None:
            refused.append(hint[0])
            raise OSError(22, "Invalid argument")

    with path.open("rb") as file, Refusing(file.fileno(), 0, access=mmap.ACCESS_READ) as mapping:
        refusing = np.ndarray((ROWS, WIDTH), np.float32, mapping)
        paging, rows = Paging(refusing), np.array([1, ROWS - 1])
        for _ in range(2):  # the second one announces
            with paging.reading(rows):
                assert np.array_equal(refusing[rows], array[rows])
        del refusing, paging
    assert mmap.MADV_WILLNEED in refused


ROWS_IN_ORDER = st.lists(st.integers(0, 2000), unique=True, max_size=60).map(sorted)


@given(rows=ROWS_IN_ORDER, width=st.integers(1, 20_000), before=st.integers(0, 10_000))
def test_runs_of_pages_hold_all_bytes_of_rows_and_no_page_more(rows, width, before):
    firsts = before + width * np.array(rows, np.int64)
    runs = pages(firsts, firsts + width)
    held = {page for start, end in runs for page in range(start, end, mmap.PAGESIZE)}
    wanted = {
        page
        for first in firsts.tolist()
        for page in range(first - first % mmap.PAGESIZE, first + width, mmap.PAGESIZE)
    }
    assert held == wanted
    assert all(one[1] < other[0] for one, other in pairwise(runs))
