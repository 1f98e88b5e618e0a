"""A proxy before a real Elasticsearch that refuses, loses and holds what a test asks it to."""

import http.client
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

PASSED_ON = ("Content-Type", "Accept")
PAGE = b"<html>busy</html>"
HOLD_SECONDS = 600


@dataclass(frozen=True)
class Trouble:
    """What becomes of one request.

    Attributes:
        status: what the client is told; 0 = nothing, the connection breaks off.
        passed_on: whether the server gets the request all the same, before that.
        held: whether it waits, there, until the test lets go; then all goes on as if nothing was.
        dies: whether it goes no further after that.
    """

    status: int = 0
    passed_on: bool = False
    held: bool = False
    dies: bool = False

    def __str__(self) -> str:
        what = "held" if self.held else self.status or "broken off"
        return f"{what} {'after' if self.passed_on else 'before'} it was done"


@dataclass
class MeddlingProxy:
    """Where it listens, and what it does to whom.

    Attributes:
        url: "http://127.0.0.1:port".
        method, part: of requests that meet trouble, the method ("" = any) and a part of the path.
        troubles: what comes over them, one after the other, None to let one pass; then all pass.
        met: how many met it.
        holding: set while one is held.
        go: lets those go that are held.
        gone: set when one that was held has come to its end.
    """

    url: str
    method: str = ""
    part: str = "/_bulk"
    troubles: Iterator[Trouble | None] = field(default_factory=lambda: iter(()))
    met: int = 0
    holding: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)
    gone: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def meddle(
        self, troubles: Iterable[Trouble | None], part: str = "/_bulk", method: str = ""
    ) -> "MeddlingProxy":
        """Begin with new troubles."""
        self.part, self.method, self.met = part, method, 0
        self.holding.clear()
        self.go.clear()
        self.gone.clear()
        self.troubles = iter(troubles)
        return self

    def trouble_of(self, method: str, path: str) -> Trouble | None:
        """Return what becomes of a request, if it is not just passed on."""
        if self.part not in path or self.method not in ("", method):
            return None
        with self._lock:
            trouble = next(self.troubles, None)
            self.met += trouble is not None
        return trouble

    def hold(self) -> None:
        """Wait until the test lets go."""
        self.holding.set()
        assert self.go.wait(HOLD_SECONDS), "nobody let it go"


class MeddlingHandler(BaseHTTPRequestHandler):
    """Answers one client."""

    protocol_version = "HTTP/1.1"
    server: "MeddlingServer"

    def answer(self) -> None:
        """Pass a request on, or let it meet its trouble."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        proxy = self.server.proxy
        trouble = proxy.trouble_of(self.command, self.path)
        if trouble is None:
            self.send(*self.ask(body))
            return
        answer = self.ask(body) if trouble.passed_on else None
        if trouble.held:
            proxy.hold()
            if not trouble.dies:
                self.send(*(answer or self.ask(body)))
            self.close_connection = trouble.dies
            proxy.gone.set()
        elif trouble.status:
            self.send(trouble.status, {"Content-Type": "text/html"}, PAGE)
        else:
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = answer

    def ask(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body of the server's answer."""
        headers = {name: self.headers[name] for name in PASSED_ON if name in self.headers}
        behind = http.client.HTTPConnection(self.server.behind)
        try:
            behind.request(self.command, self.path, body, headers)
            found = behind.getresponse()
            kind = found.headers.get("Content-Type", "application/json")
            told = {"Content-Type": kind, "X-Elastic-Product": "Elasticsearch"}
            return found.status, told, found.read()
        finally:
            behind.close()

    def send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        """Answer."""
        with suppress(OSError):  # the client is dead, or did not wait
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class MeddlingServer(ThreadingHTTPServer):
    """Listens before the server at `behind`, "host:port"."""

    daemon_threads = True

    def __init__(self, behind: str) -> None:
        """Take a port that is free."""
        super().__init__(("127.0.0.1", 0), MeddlingHandler)
        self.behind = behind
        self.proxy = MeddlingProxy(f"http://127.0.0.1:{self.server_port}")

    def handle_error(self, *_: object) -> None:
        """Say nothing of a client that was killed."""


@contextmanager
def meddling(server: str) -> Iterator[MeddlingProxy]:
    """Listen before the server at an http URL; nothing is meddled with yet."""
    with MeddlingServer(urlsplit(server).netloc) as listening:
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        try:
            yield listening.proxy
        finally:
            listening.proxy.go.set()
            listening.shutdown()
            thread.join()
