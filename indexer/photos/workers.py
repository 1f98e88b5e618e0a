"""Processes of their own for pictures that may take this one down: large, damaged or intricate.

A worker that takes more memory or time than its picture is granted is ended, and so is one that
stands still; a library that crashes ends its worker alone. The file is named, and the rest goes on.
This bounds what accidents do; it does not lock a worker up that was taken over.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import weakref
from contextlib import ExitStack, suppress
from io import BytesIO
from multiprocessing.connection import Connection
from multiprocessing.reduction import send_handle
from typing import TYPE_CHECKING, Any, BinaryIO

from indexer.errors import NotNow, Unreadable
from indexer.photos.memory import free, resident
from indexer.photos.room import MOST_CORES, Admission, cores
from indexer.photos.worker_budget import Budget, DecodingJob, Stated

if TYPE_CHECKING:
    from PIL.Image import Image

    from indexer.photos.decoding import Decoded
    from indexer.photos.exposure import Exposure

WORKER = "indexer.photos.worker"

LOOK_SECONDS = 0.01
"""Between two looks at what a worker holds."""

GOING_SECONDS = 10.0
"""That a worker may take to end, once nothing can be sent to it or heard of it."""

_MEGABYTE = 1_000_000


def _environment() -> dict[str, str]:
    """Return one in which workers import what this process does, and use one core each."""
    given = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    # Made while this process runs, by archives (pex) and by `python -m` in a checkout.
    paths = dict.fromkeys((*filter(None, given), *filter(os.path.isabs, sys.path)))
    threads = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    return {**os.environ, **threads, "PYTHONPATH": os.pathsep.join(paths)}


class WorkerEnded(Exception):
    """A worker is gone; `signal` ended it, or 0."""

    def __init__(self, number: int) -> None:
        super().__init__(f"ended by {number}")
        self.signal = max(0, -number)


class DecodingProcess:
    """One worker. One thread at a time may use it."""

    def __init__(self, budget: Budget, module: str) -> None:
        """Start it.

        Args:
            budget: for each picture.
            module: that the process runs.

        Raises:
            NotNow: it does not start.
        """
        self._budget = budget
        ours, theirs = socket.socketpair()
        # -P: a folder "indexer" in the current directory is not ours
        command = [sys.executable, "-P", "-m", module, str(theirs.fileno())]
        try:
            with theirs:
                self._process = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,  # libraries tell it of damage
                    pass_fds=[theirs.fileno()],
                    env=_environment(),
                )
        except OSError as error:
            ours.close()
            raise NotNow(f"no process could be started to decode it: {error.strerror}") from error
        self._connection = Connection(ours.detach())
        try:
            self._connection.recv()  # it says that it is ready
        except (EOFError, OSError):
            self.end()
            raise NotNow("the process that was to decode it did not start") from None
        self._base = self._held()

    def do(self, job: DecodingJob, file: BinaryIO, room: Admission | None) -> Any:
        """Return what the function returns.

        Raises:
            Unreadable: what it raises, or it took too much time.
            NotNow: it took too much memory, or stood still.
            WorkerEnded: it crashed, or was ended by somebody else.
        """
        size = self._send(job, file)
        granted = self._base + self._budget.spare + 2 * size
        seconds = self._budget.seconds
        with ExitStack() as admitted:
            while isinstance(answer := self._answer(granted, seconds), Stated):
                self._require_free(answer.memory)
                if room is not None:
                    admitted.enter_context(room.taking(answer.memory))
                seconds = self._budget.time(answer.memory)
                granted = self._base + self._budget.granted(answer.memory) + 2 * size
                self._allow(seconds)
        if isinstance(answer, Unreadable):
            raise answer
        return answer

    @property
    def is_fit(self) -> bool:
        """Tell whether it may take another file: it is there, and gave back what it took."""
        if self._process.poll() is not None:
            return False
        return self._held() <= self._base + self._budget.spare

    def kill(self) -> None:
        """Make it end, whatever it does. Any thread may call this."""
        self._process.kill()

    def end(self) -> None:
        """End it, and what belongs to it."""
        self.kill()
        with suppress(OSError):
            self._connection.close()
        self._process.wait()

    def _send(self, job: DecodingJob, file: BinaryIO) -> int:
        with suppress(OSError):
            self._connection.send(job)
            if not isinstance(file, BytesIO):
                send_handle(self._connection, file.fileno(), self._process.pid)
                return 0
            with file.getbuffer() as content:
                self._connection.send_bytes(content)
                return len(content)
        # Only now: what led to it would hold the buffer, and nobody could close the file.
        raise self._gone()

    def _allow(self, seconds: float) -> None:
        try:
            self._connection.send(seconds)
        except OSError:  # it was ended while the picture waited for room
            raise self._gone() from None

    def _answer(self, granted: int, seconds: float) -> Any:
        until = time.monotonic() + seconds * self._budget.patience
        try:
            while not self._connection.poll(LOOK_SECONDS):
                if self._held() > granted:
                    raise NotNow(
                        f"decoding took over {(granted - self._base) / _MEGABYTE:,.0f} MB of "
                        "memory, and was ended"
                    )
                if time.monotonic() > until:
                    raise NotNow("decoding stood still, and was ended")
            return self._connection.recv()
        except (EOFError, OSError):
            raise self._gone() from None

    def _gone(self) -> Exception:
        try:
            number = self._process.wait(GOING_SECONDS)
        except subprocess.TimeoutExpired:  # no file could be opened to hand it over, say
            return NotNow("the process that was to decode it could not be reached")
        if number == -signal.SIGXCPU:
            return Unreadable("decoding took too long, and was ended")
        if number == -signal.SIGKILL:
            return NotNow("the system ended the process that decoded it, as if memory was short")
        return WorkerEnded(number)

    def _held(self) -> int:
        return resident(self._process.pid)

    def _require_free(self, memory: float) -> None:
        if memory > self._budget.large and 2 * memory > (there := free()):
            raise NotNow(
                f"decoding takes {memory / _MEGABYTE:,.0f} MB of memory, and only "
                f"{there / _MEGABYTE:,.0f} MB are free"
            )


class DecodeWorkers:
    """As many workers as threads ask at the same time, but no more than cores can be busy with.

    One object serves all threads.
    """

    def __init__(self, budget: Budget | None = None, module: str = WORKER) -> None:
        """Start none yet; `module` is what the processes run."""
        self._budget, self._module = budget or Budget(), module
        self._lock = threading.Lock()
        # Two at least, so that one that stands still does not hold up all.
        self._free = threading.BoundedSemaphore(max(2, min(cores(), MOST_CORES)))
        self._stops = 0
        self._idle: list[DecodingProcess] = []
        self._busy: set[DecodingProcess] = set()
        self._end = weakref.finalize(self, _end_all, self._idle)

    def decode(self, file: BinaryIO, side: int, limit: int, room: Admission | None) -> "Decoded":
        """Do as `decoding.decode`."""
        return self._call("decode", file, (side, limit), room)  # type: ignore[no-any-return]

    def show(self, file: BinaryIO, size: int, room: Admission | None) -> "Image":
        """Do as `decoding.decode_to_show`."""
        return self._call("decode_to_show", file, (size,), room)  # type: ignore[no-any-return]

    def measure(self, file: BinaryIO) -> tuple[int, int]:
        """Do as `decoding.measure`."""
        return self._call("measure", file, (), None)  # type: ignore[no-any-return]

    def exposure(self, file: BinaryIO) -> "Exposure":
        """Do as `decoding.exposure_of`."""
        return self._call("exposure_of", file, (), None)  # type: ignore[no-any-return]

    def close(self) -> None:
        """End the workers that nobody uses."""
        with self._lock:
            idle, self._idle[:] = [*self._idle], []
        _end_all(idle)

    def stop(self) -> None:
        """End those that are at work, too: who waits for them gets `NotNow`."""
        with self._lock:
            self._stops += 1
            busy = [*self._busy]
        for worker in busy:
            worker.kill()
        self.close()

    def _call(
        self, function: str, file: BinaryIO, arguments: tuple[int, ...], room: Admission | None
    ) -> Any:
        stops = self._stops
        with self._free:
            if stops != self._stops:
                raise NotNow("decoding was stopped")
            return self._call_one(function, file, arguments, room)

    def _call_one(
        self, function: str, file: BinaryIO, arguments: tuple[int, ...], room: Admission | None
    ) -> Any:
        in_memory = isinstance(file, BytesIO)
        job = DecodingJob(function, arguments, self._budget.seconds, in_memory)
        try:
            return self._by_one(job, file, room, self._taken())
        except WorkerEnded:
            pass  # an earlier file may have done it
        try:
            return self._by_one(job, file, room, self._started())
        except WorkerEnded as error:
            name = signal.Signals(error.signal).name if error.signal else "an error"
            raise Unreadable(f"its decoder crashed ({name})") from None

    def _by_one(
        self, job: DecodingJob, file: BinaryIO, room: Admission | None, worker: DecodingProcess
    ) -> Any:
        whole = False
        try:
            answer = worker.do(job, file, room)
            whole = True
            return answer
        except Unreadable as error:
            whole = not isinstance(error, NotNow)
            raise
        finally:
            fit = whole and worker.is_fit
            with self._lock:
                self._busy.discard(worker)
                if fit:
                    self._idle.append(worker)
            if not fit:
                worker.end()

    def _taken(self) -> DecodingProcess:
        while True:
            with self._lock:
                if not self._idle:
                    break
                worker = self._idle.pop()
                self._busy.add(worker)
            if worker.is_fit:  # the system may have ended it meanwhile
                return worker
            with self._lock:
                self._busy.discard(worker)
            worker.end()
        return self._started()

    def _started(self) -> DecodingProcess:
        worker = DecodingProcess(self._budget, self._module)
        with self._lock:
            self._busy.add(worker)
        return worker


def _end_all(workers: list[DecodingProcess]) -> None:
    for worker in workers:
        worker.end()
