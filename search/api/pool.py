"""A bounded pool of threads: work beside the event loop, refused when too much is waiting."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from search.api.errors import Busy

T = TypeVar("T")


class Turns:
    """One turn at a time, first come, first served; Python's own locks promise no order."""

    def __init__(self) -> None:
        """Begin with the turn free."""
        self._lock = threading.Lock()
        self._is_taken = False
        self._waiting: deque[threading.Lock] = deque()

    def take(self, seconds: float) -> bool:
        """Wait for the turn; tell whether it came in time."""
        with self._lock:
            if not self._is_taken:
                self._is_taken = True
                return True
            own = threading.Lock()
            own.acquire()  # until `give` releases it
            self._waiting.append(own)
        if own.acquire(timeout=seconds):
            return True
        with self._lock:
            if own in self._waiting:
                self._waiting.remove(own)
                return False
        return True  # it came just in time

    def give(self) -> None:
        """End the turn: the next one begins."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False


class Pool:
    """Runs work in threads. One object serves one event loop."""

    def __init__(self, name: str, workers: int, waiting: int, patience: float = 0) -> None:
        """Start no thread yet.

        Args:
            name: of the threads.
            workers: threads at most.
            waiting: pieces of work that may wait for a thread.
            patience: seconds that one piece of work waits for the previous one to end. Threads that
                compute share Python's global lock, and running several at once takes twice as long
                as one after the other. A piece that takes longer is not waited for.
        """
        self._executor = ThreadPoolExecutor(workers, name)
        self._patience = patience
        self._turns = Turns()
        self._most = workers + waiting
        self._pending = 0
        self._lock = threading.Lock()

    @property
    def pending(self) -> int:
        """Pieces of work that are running or waiting."""
        return self._pending

    async def run(self, work: Callable[[], T]) -> T:
        """Return what `work` returns, once a thread had time for it.

        Raises:
            Busy: too much is waiting already.
        """
        return await asyncio.wrap_future(self.start(work))

    def start(self, work: Callable[[], T]) -> "Future[T]":
        """As `run`, without waiting for it."""
        with self._lock:
            if self._pending >= self._most:
                raise Busy
            self._pending += 1
        future = self._executor.submit(self._in_turn, work)
        # When the work ends, not when the client gives up: until then it occupies a thread.
        future.add_done_callback(self._done)
        return future

    def close(self) -> None:
        """Let running work finish; drop what is waiting."""
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _in_turn(self, work: Callable[[], T]) -> T:
        came = self._patience > 0 and self._turns.take(self._patience)
        try:
            return work()
        finally:
            if came:
                self._turns.give()

    def _done(self, _: "Future[T]") -> None:
        with self._lock:
            self._pending -= 1
