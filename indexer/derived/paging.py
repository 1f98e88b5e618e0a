"""Reading scattered rows of a mapped file that may be larger than memory."""

import mmap
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import numpy as np
from numpy.typing import NDArray

from indexer.derived.vectors import Rows

Array = NDArray[np.generic]

HINTED = 100
"""Reads that are announced after one that had to wait for the disk. An announcement costs .4 ms,
and afterwards nobody can tell whether it was needed."""


class Paging:
    """Tells the system which rows are read next, as long as reads have to wait for the disk.

    Without that hint, a search waits for each row that is not in memory, one after the other. And
    unless told that nothing around a row is read, the system also fetches what lies around it,
    128 kB with most disks and 8 MB with some, and if memory is short pushes out what other searches
    need. A process that reads all rows in order needs just that, so the system is told only while
    rows are read here.
    All threads may share one object.
    """

    def __init__(self, array: Array) -> None:
        """Take the rows.

        Args:
            array: shape (n, d), without gaps. If it is not mapped, or the system takes no hints,
                this class does nothing.
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
        """Enclose the reading of rows, shape (m,) in ascending order; announce them if needed."""
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
        """Tell that nothing around a row is read, until the last thread has read its rows."""
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
    """Return start and end of the runs of whole pages that hold the bytes firsts[i] to ends[i].

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
    with suppress(OSError):  # some systems refuse some hints, and no search depends on one
        mapping.madvise(*hint)


def _address(array: Array) -> int:
    address: int = array.__array_interface__["data"][0]
    return address


def _waits() -> int:
    """How often this thread waited for a page that was not in memory."""
    import resource  # which every system with madvise has

    whose = getattr(resource, "RUSAGE_THREAD", resource.RUSAGE_SELF)
    return resource.getrusage(whose).ru_majflt
