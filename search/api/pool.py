"""A bounded pool of threads: work beside the event loop, and a plain no when there is too much."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from search.api.errors import Busy

T = TypeVar("T")


class Pool:
    """Runs work in threads. One object serves one event loop."""

    def __init__(self, name: str, workers: int, waiting: int) -> None:
        """Start no thread yet.

        Args:
            name: of the threads.
            workers: threads at most.
            waiting: pieces of work that may wait for a thread.
        """
        self._executor = ThreadPoolExecutor(workers, name)
        self._most = workers + waiting
        self._pending = 0
        self._lock = threading.Lock()

    @property
    def pending(self) -> int:
        """Pieces of work that run or wait."""
        return self._pending

    async def run(self, work: Callable[[], T]) -> T:
        """Return what `work` returns, once a thread had time for it.

        Raises:
            Busy: too much waits already.
        """
        return await asyncio.wrap_future(self.start(work))

    def start(self, work: Callable[[], T]) -> "Future[T]":
        """As `run`, without waiting for it."""
        with self._lock:
            if self._pending >= self._most:
                raise Busy
            self._pending += 1
        future = self._executor.submit(work)
        # When the work ends, not when the client gives up: till then a thread is taken.
        future.add_done_callback(self._done)
        return future

    def close(self) -> None:
        """Let running work end; drop what waits."""
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _done(self, _: "Future[T]") -> None:
        with self._lock:
            self._pending -= 1
