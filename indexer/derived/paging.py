"""Rows here and there of a mapped file that may be larger than the memory there is."""

import mmap
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import numpy as np
from numpy.typing import NDArray

from indexer.derived.vectors import Rows

Array = NDArray[np.generic]

HINTED = 100
"""Reads that are announced after one that waited for the disk. An announcement costs .4 ms, and
whether it was needed cannot be told after it."""


class Paging:
    """Tells the system which rows are read next, as long as reading waits for the disk.

    Without a hint, each row that is not in memory is waited for, one after the other. And without
    knowing that nothing around it is read, the system fetches that too, 128 kB with most disks and
    8 MB with some, and pushes out what other searches need where memory is short. But whoever reads
    all rows in order needs just that, so it is known only while rows are read here. One object
    serves all threads.
    """

    def __init__(self, array: Array) -> None:
        """Take the rows.

        Args:
            array: shape (n, d), without gaps. Nothing else happens here where it is not mapped, or
                the system takes no hints.
        """
        self._array = array
        self._hints = 0
        self._lock = threading.Lock()
        self._readers = 0
        self._mapping = _mapping_of(array)
        if self._mapping is not None:
            self._before = _address(array) - _address(np.frombuffer(self._mapping, np.uint8, 1))

    @contextmanager
    def reading(self, rows: Rows) -> Iterator[None]:
        """Announce rows, shape (m,) in ascending order, that are read meanwhile."""
        if self._mapping is None:
            yield
            return
        if self._hints > 0:
            self._hints -= 1
            self._announce(self._mapping, rows)
        before = _waits()
        with self._alone(self._mapping):
            yield
        if _waits() > before:
            self._hints = HINTED

    @contextmanager
    def _alone(self, mapping: mmap.mmap) -> Iterator[None]:
        """Tell that nothing around a row is read, until the last thread is done with its own."""
        with self._lock:
            self._readers += 1
            if self._readers == 1:
                _hint(mapping, mmap.MADV_RANDOM)
        try:
            yield
        finally:
            with self._lock:
                self._readers -= 1
                if self._readers == 0:
                    _hint(mapping, mmap.MADV_NORMAL)

    def _announce(self, mapping: mmap.mmap, rows: Rows) -> None:
        width = self._array.strides[0]
        firsts = self._before + width * rows
        for start, end in pages(firsts, firsts + width):
            _hint(mapping, mmap.MADV_WILLNEED, start, min(end, len(mapping)) - start)


def pages(firsts: Rows, ends: Rows) -> list[tuple[int, int]]:
    """Return where runs of whole pages start and end that hold bytes firsts[i] to ends[i].

    Args:
        firsts, ends: both in ascending order, shape (n,).
    """
    starts = firsts // mmap.PAGESIZE * mmap.PAGESIZE
    ends = -(-ends // mmap.PAGESIZE) * mmap.PAGESIZE
    apart = np.ones(len(starts), bool)
    apart[1:] = starts[1:] > ends[:-1]
    return [*zip(starts[apart].tolist(), ends[np.roll(apart, -1)].tolist(), strict=True)]


def _mapping_of(array: Array) -> mmap.mmap | None:
    base: object = array
    while isinstance(base, np.ndarray):
        base = base.base
    return base if isinstance(base, mmap.mmap) and hasattr(base, "madvise") else None


def _hint(mapping: mmap.mmap, *hint: int) -> None:
    with suppress(OSError):  # some systems refuse some hints, and no search needs any
        mapping.madvise(*hint)


def _address(array: Array) -> int:
    address: int = array.__array_interface__["data"][0]
    return address


def _waits() -> int:
    """How often this thread waited for a page that was not in memory."""
    import resource  # only where there is madvise

    whose = getattr(resource, "RUSAGE_THREAD", resource.RUSAGE_SELF)
    return resource.getrusage(whose).ru_majflt
