"""Memory that threads share while they decode: large pictures wait until there is room for them."""

import os
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

MOST_CORES = 16
"""Machines with more of them get no more room: a few files are always ahead of the network."""


def pictures_of(cores: int) -> int:
    """Return the bytes of pictures that are decoded at the same time, in all threads and workers.

    On two cores 480 MB, which are 30 photos of 12 megapixels from phones or 2 of 48 megapixels as
    PNG; on 16 cores 1 GB. A picture of 200 megapixels may take more, and comes alone.
    """
    return 400_000_000 + 40_000_000 * min(cores, MOST_CORES)


def files_of(cores: int) -> int:
    """Return the bytes of files that are in memory at the same time: 128 to 256 MB."""
    return min(256_000_000, 64_000_000 + 32_000_000 * cores)


def cores() -> int:
    """Return how many cores this machine has."""
    return os.cpu_count() or 1


class Admission(Protocol):
    """What a picture has to wait for before it is decoded."""

    def taking(self, size: float) -> AbstractContextManager[None]:
        """Hold `size` bytes; wait for them if others hold too many."""


class Room:
    """Memory of a limited size; a thread that needs more than all of it gets it alone.

    Those who wait get in in the order in which they came: otherwise a large picture would wait
    until there are no small ones any more.
    """

    def __init__(self, most: int) -> None:
        """Begin empty; `most` is its size in bytes."""
        self._most = most
        self._taken = 0
        self._came = self._served = 0
        self._changed = threading.Condition()

    @property
    def most(self) -> int:
        """Its size in bytes."""
        return self._most

    @property
    def waiting(self) -> int:
        """How many wait now."""
        with self._changed:
            return self._came - self._served

    @contextmanager
    def taking(self, size: float) -> Iterator[None]:
        """Hold `size` bytes; wait for them if others hold too many."""
        share = min(int(size), self._most)
        with self._changed:
            number = self._came
            self._came += 1
            self._changed.wait_for(
                lambda: number == self._served and self._taken + share <= self._most
            )
            self._served += 1
            self._taken += share
            self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._taken -= share
                self._changed.notify_all()
