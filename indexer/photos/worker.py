"""A worker that decodes pictures: `indexer.photos.workers` starts it, and ends it."""

import os
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from math import ceil
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle
from pathlib import Path
from typing import Any, BinaryIO

from indexer.errors import Unreadable
from indexer.photos import decoding
from indexer.photos.shortage import not_now
from indexer.photos.worker_budget import DecodingJob, Stated


class Asking:
    """Room that the process which started this one has."""

    def __init__(self, connection: Connection) -> None:
        """Ask through `connection`."""
        self._connection = connection

    @contextmanager
    def taking(self, size: float) -> Iterator[None]:
        """Wait until that process has room for `size` bytes; it keeps it until it has an answer."""
        self._connection.send(Stated(size))
        _allow_computing(self._connection.recv())
        yield


def serve(connection: Connection) -> None:
    """Do jobs until the other side is gone."""
    connection.send("ready")
    with suppress(EOFError, ConnectionError):
        while True:
            job: DecodingJob = connection.recv()
            _allow_computing(job.seconds)
            connection.send(_answer(job, connection))


def _answer(job: DecodingJob, connection: Connection) -> Any:
    with _file(job, connection) as file:
        try:
            function = getattr(decoding, job.function)
            return function(file, *job.arguments, room=Asking(connection))
        except Unreadable as error:
            return type(error)(str(error))  # what led to it may be unfit to be sent
        except MemoryError:
            return not_now()


def _file(job: DecodingJob, connection: Connection) -> BinaryIO:
    if job.in_memory:
        return BytesIO(connection.recv_bytes())
    return os.fdopen(recv_handle(connection), "rb")


def _allow_computing(seconds: float) -> None:
    """Let the system end this process when it has computed for so much longer."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    limit = ceil(used.ru_utime + used.ru_stime + seconds)
    limit = limit if most == resource.RLIM_INFINITY else min(limit, most)
    resource.setrlimit(resource.RLIMIT_CPU, (limit, most))


def _settle() -> None:
    """Leave Ctrl-C to the process that started this one, and be the first to go for memory."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


if __name__ == "__main__":
    _settle()
    serve(Connection(int(sys.argv[1])))
