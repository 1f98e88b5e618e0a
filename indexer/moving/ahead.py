"""Read some items ahead in a thread, so that reading and writing wait for nobody but themselves."""

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Generic, TypeVar

T = TypeVar("T")

_CHUNK = 32
"""Items that are handed over at once, which costs less than one by one."""


@contextmanager
def ahead(items: Iterator[T], count: int) -> Iterator[Iterator[T]]:
    """Give an iterator over `items`, of which about `count` are read before they are asked for.

    They are read in a thread of their own, which ends with the block. What reading raises is raised
    where the next item is asked for.
    """
    reader = _Reader(items, max(1, count // _CHUNK))
    thread = threading.Thread(target=reader.read, daemon=True)
    thread.start()
    try:
        yield reader.taken()
    finally:
        reader.left.set()
        thread.join()


class _Reader(Generic[T]):
    """Reads in one thread what another one takes; an error, or None, ends what it hands over."""

    def __init__(self, items: Iterator[T], chunks: int) -> None:
        self._items = items
        self._chunks: queue.Queue[list[T] | BaseException | None] = queue.Queue(chunks)
        self.left = threading.Event()

    def read(self) -> None:
        chunk: list[T] = []
        error: BaseException | None = None
        try:
            for item in self._items:
                chunk.append(item)
                if len(chunk) == _CHUNK:
                    self._hand_over(chunk)
                    chunk = []
                if self.left.is_set():
                    return
        except BaseException as raised:
            error = raised
        self._hand_over(chunk)
        self._hand_over(error)

    def taken(self) -> Iterator[T]:
        while isinstance(chunk := self._chunks.get(), list):
            yield from chunk
        if chunk is not None:
            raise chunk

    def _hand_over(self, chunk: list[T] | BaseException | None) -> None:
        while not self.left.is_set():
            with suppress(queue.Full):
                self._chunks.put(chunk, timeout=0.1)
                return
