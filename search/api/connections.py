"""Connections that keep nobody out: silent ones end, and the longest idle one makes room."""

import asyncio
from contextlib import suppress
from typing import Any

import uvicorn
from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

REQUEST_SECONDS = 15.0
"""How long a client may take from connecting, or from the first byte, to the end of its headers."""

STUCK_SECONDS = 60.0
"""How long a client may receive nothing of an answer that waits for it."""

MOST = 2048
WANTED_FILES = 8192
OWN_FILES = 40
"""Files that the server itself has open at one time: the library's, photos', the loop's."""

LEAST = 4


class Connection(HttpToolsProtocol):
    """A client's connection, which knows since when it says nothing."""

    def __init__(self, most: int, *args: Any, **more: Any) -> None:
        """Take how many there may be."""
        super().__init__(*args, **more)
        self._most = most
        self.used = 0.0
        self._asking_since: float | None = None
        self._stuck_since: float | None = None
        self._left = 0

    @override
    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.used = self._asking_since = self.loop.time()
        others = [one for one in self.connections if isinstance(one, Connection)]
        if len(others) > self._most:
            idle = [one for one in others if one.is_idle() and one is not self]
            min(idle, key=lambda one: one.used, default=self).transport.abort()

    @override
    def data_received(self, data: bytes) -> None:
        self.used = self.loop.time()
        super().data_received(data)
        if not self.is_idle():
            self._asking_since = None
        elif self._asking_since is None:
            self._asking_since = self.used

    @override
    def on_response_complete(self) -> None:
        self.used = self.loop.time()
        super().on_response_complete()

    @override
    def pause_writing(self) -> None:
        self._stuck_since = self.loop.time()
        self._left = self.transport.get_write_buffer_size()
        super().pause_writing()

    @override
    def resume_writing(self) -> None:
        self._stuck_since = None
        super().resume_writing()

    def is_idle(self) -> bool:
        """Tell whether no request of it is being answered."""
        return self.cycle is None or self.cycle.response_complete

    def end_if_silent(self, now: float) -> None:
        """Close it if it takes too long to ask, or receives nothing of an answer for too long."""
        # An answer that comes slowly is not stuck: writing resumes only when little is left of it.
        if self._stuck_since is not None:
            left = self.transport.get_write_buffer_size()
            if left < self._left:
                self._left, self._stuck_since = left, now
        asking = self._asking_since if self.is_idle() else None
        for since, seconds in ((asking, REQUEST_SECONDS), (self._stuck_since, STUCK_SECONDS)):
            if since is not None and now - since > seconds:
                self.transport.abort()


class PatientServer(uvicorn.Server):
    """A server that looks at its connections once a second."""

    @override
    async def on_tick(self, counter: int) -> bool:
        if counter % 10 == 0:
            now = asyncio.get_running_loop().time()
            for one in list(self.server_state.connections):
                if isinstance(one, Connection):
                    one.end_if_silent(now)
        return await super().on_tick(counter)


def most_connections() -> int:
    """Return how many connections there may be, once as many files as possible may be open."""
    limit = _allow_files()
    # Half: as many again may be accepted before the first of them is closed.
    return MOST if limit is None else max(LEAST, min(MOST, (limit - OWN_FILES) // 2))


def _allow_files() -> int | None:
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return None
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED_FILES if hard == resource.RLIM_INFINITY else min(hard, WANTED_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return None if soft == resource.RLIM_INFINITY else soft
