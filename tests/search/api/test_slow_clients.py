"""Clients that are silent, slow or gone: they get little, and keep nobody out."""

import asyncio
import json
import logging
import resource
import socket
import subprocess
import sys
from contextlib import suppress
from types import SimpleNamespace

import httpx2
import pytest
from api_answers import error
from api_server import FROM_PAGE
from starlette.datastructures import Headers

from search.api import connections
from search.api.connections import Connection, most_connections
from search.api.errors import Busy
from search.api.intake import Intake
from search.api.settings import IntakeLimits
from search.library import Library

FEW_FILES = 64
SILENT = 100
HEAD = "POST {path} HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\n"
LARGE = "POST /api/import HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\n"
LARGE += "Content-Type: application/x-ndjson\r\nContent-Length: {size}\r\n\r\n"

SERVE = """
import sys
from indexer.errors import MagpieError
from search.api import connections, server
from search.api.settings import IntakeLimits, Settings
from search.library import open_library
connections.REQUEST_SECONDS = float(sys.argv[3])
limits = IntakeLimits(2_000_000, bodies=6, of_one=6, silent_seconds=float(sys.argv[2]))
with server.listen("127.0.0.1", 0) as (listening, url):
    print(url, flush=True)
    server.run(open_library(sys.argv[1]), Settings(intake=limits), listening)
"""


@pytest.fixture
def start(sqlite_url, tmp_path):
    """Start a server with few files to open; give its port, and the file of its log."""
    processes = []

    def starting(silent=600.0, asking=600.0):
        few = (FEW_FILES, FEW_FILES)
        with (tmp_path / "log").open("w") as log:
            process = subprocess.Popen(
                [sys.executable, "-c", SERVE, sqlite_url, str(silent), str(asking)],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, few),
            )
        processes.append(process)
        return process.stdout.readline().strip(), tmp_path / "log"

    yield starting
    for process in processes:
        process.terminate()
        process.wait(60)
        process.stdout.close()


def connect(url, text=""):
    host, port = url.removeprefix("http://").split(":")
    client = socket.create_connection((host, int(port)), timeout=60)
    client.sendall(text.encode())
    return client


def lines(log):
    return [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]


@pytest.mark.slow
def test_silent_connections_keep_nobody_out(start):
    url, log = start()
    silent = [connect(url, "GET /api" if number % 2 else "") for number in range(SILENT)]
    answers = [httpx2.get(f"{url}/api/search?q=cat", timeout=60) for _ in range(10)]
    assert {answer.status_code for answer in answers} <= {200}
    silent += [connect(url) for _ in range(SILENT)]
    assert httpx2.get(f"{url}/api/search?q=cat", timeout=60).status_code == 200
    assert "Traceback" not in log.read_text() and "Too many open" not in log.read_text()
    for one in silent:
        one.close()


@pytest.mark.slow
def test_a_connection_that_never_asks_is_ended(start):
    url, _ = start(asking=0.0)
    for begun in ("", "GET /healthz HTTP/1.1\r\nHost:"):
        with connect(url, begun) as client, suppress(ConnectionResetError):
            assert client.recv(1) == b""


@pytest.mark.slow
def test_unfinished_uploads_are_few_small_and_end(start):
    url, log = start(silent=1.0)
    assert httpx2.get(f"{url}/readyz", timeout=60).status_code in (200, 503)
    size = 1_900_000  # of 2 MB for all
    with connect(url, LARGE.format(size=size)) as first:
        first.sendall(b" " * (size - 10))
        with connect(url, LARGE.format(size=size)) as second:
            second.sendall(b" " * (size - 10))
            answers = [client.recv(4096).decode() for client in (first, second)]
    heads = sorted(answer.split()[1] for answer in answers)
    assert heads == ["408", "503"], answers
    assert httpx2.post(f"{url}/api/feedback", json={}, headers=FROM_PAGE).status_code == 422
    assert "Traceback" not in log.read_text()


def test_a_number_of_unfinished_bodies_is_refused_and_small_ones_are_not_kept_waiting(serve):
    client = serve(intake=IntakeLimits(bytes=10, bodies=0))
    sent = {"content": b" " * 11, "headers": {"content-type": "application/x-ndjson"}}
    answer = client.post("/api/import", **sent)
    error(answer, 503, "unavailable")
    assert int(answer.headers["retry-after"]) >= 1
    error(client.post("/api/feedback", json={"query": "x"}), 503, "unavailable")
    assert client.get("/api/status").status_code == 200
    full = serve(intake=IntakeLimits(bytes=0))
    error(full.post("/api/feedback", json={"query": "cat"}), 400, "bad_value")


def test_bodies_are_forgotten_when_they_were_answered(serve):
    client = serve(intake=IntakeLimits(bytes=3_000_000, bodies=1, of_one=1))
    for _ in range(3):
        sent = {"content": b"\n" * 2_000_000, "headers": {"content-type": "application/x-ndjson"}}
        assert client.post("/api/import", **sent).json()["events"] == 0
        error(client.post("/api/feedback", json={}), 422, "wrong_shape")


def in_pieces(intake, size, times):
    """What encloses a body that comes in so many pieces."""
    piece = {"type": "http.request", "body": b" " * size, "more_body": True}
    pieces = iter([piece] * times)

    async def receive():
        return next(pieces)

    headers = Headers({"transfer-encoding": "chunked"})
    return intake.body("192.0.2.1", headers, receive)


def test_a_body_that_is_larger_than_all_may_be_comes_alone():
    async def come():
        intake = Intake(IntakeLimits(bytes=10))
        with in_pieces(intake, 8, 4) as large, in_pieces(intake, 8, 1) as other:
            for _ in range(3):
                await large.receive()
            with pytest.raises(Busy):
                await other.receive()
            await large.receive()
        with in_pieces(intake, 8, 1) as one, in_pieces(intake, 8, 1) as other:  # nothing counts now
            await one.receive()
            with pytest.raises(Busy):
                await other.receive()

    asyncio.run(come())


@pytest.mark.slow
@pytest.mark.parametrize(
    "path, type",
    [("/api/feedback", "application/json"), ("/api/import", "application/x-ndjson"),
     ("/api/search/image", "multipart/form-data; boundary=x"),
     ("/api/words/pet/examples", "multipart/form-data; boundary=x"),
     ("/api/words/pet/examples", "application/json")],
)  # fmt: skip
def test_an_upload_that_breaks_off_is_no_fault_of_the_server(start, path, type):
    url, log = start()
    with connect(url, HEAD.format(path=path)) as client:
        begun = f"Content-Type: {type}\r\nContent-Length: 5000\r\n\r\n--x\r\n"
        client.sendall(begun.encode())
        while not any(line["path"] == "/healthz" for line in lines(log)):
            httpx2.get(f"{url}/healthz")
    while not (found := [line for line in lines(log) if line["path"] == path]):
        httpx2.get(f"{url}/healthz")
    assert [line["status"] for line in found] == [499]
    assert "Traceback" not in log.read_text()


def test_a_500_says_that_the_log_has_it(serve, caplog, monkeypatch):
    from indexer.errors import MagpieError

    def fail(*_):
        raise MagpieError("the store said something odd")

    client = serve()
    monkeypatch.setattr(Library, "completions", fail)
    with caplog.at_level(logging.ERROR, "magpie.serve"):
        answer = client.get("/api/suggest?q=a")
    assert "log has it under this request id" in error(answer, 500, "internal")
    assert answer.headers["x-request-id"] in caplog.text and "something odd" in caplog.text


def test_there_are_fewer_connections_than_files(monkeypatch):
    allowed = []

    def fake(soft, hard):
        limits = [soft, hard]
        set_to = lambda _, wanted: allowed.append(wanted) or limits.__setitem__(0, wanted[0])  # noqa: E731
        return SimpleNamespace(
            RLIMIT_NOFILE=7, RLIM_INFINITY=-1, getrlimit=lambda _: limits, setrlimit=set_to
        )

    for soft, hard, most in ((64, 64, 12), (1024, 1024, 492), (1024, 4096, 2028), (64, -1, 2048)):
        monkeypatch.setitem(sys.modules, "resource", fake(soft, hard))
        assert most_connections() == most
    assert allowed == [(4096, 4096), (8192, -1)]


@pytest.fixture
def stuck():
    """A connection whose answer waits for the client, from second 100; `ended` tells its end."""
    stuck = Connection.__new__(Connection)
    stuck.loop = SimpleNamespace(time=lambda: 100.0)
    stuck.flow = SimpleNamespace(pause_writing=lambda: None, resume_writing=lambda: None)
    stuck.cycle = SimpleNamespace(response_complete=False)
    left, ended = [3_000_000], []
    stuck.transport = SimpleNamespace(
        abort=lambda: ended.append(True), get_write_buffer_size=lambda: left[0]
    )
    stuck._asking_since = None
    stuck.pause_writing()
    return SimpleNamespace(connection=stuck, left=left, ended=ended)


def test_a_client_that_takes_no_answer_is_ended(stuck):
    stuck.connection.end_if_silent(100.0 + connections.STUCK_SECONDS)
    assert not stuck.ended
    stuck.connection.end_if_silent(101.0 + connections.STUCK_SECONDS)
    assert stuck.ended


def test_a_client_that_takes_an_answer_slowly_gets_all_of_it(stuck):
    now = 100.0
    while stuck.left[0] > 1_000_000:
        stuck.left[0] -= 500_000
        now += connections.STUCK_SECONDS
        stuck.connection.end_if_silent(now)
    assert not stuck.ended and now > 101.0 + connections.STUCK_SECONDS
    stuck.connection.end_if_silent(now + connections.STUCK_SECONDS)
    assert not stuck.ended
    stuck.connection.end_if_silent(now + 1 + connections.STUCK_SECONDS)
    assert stuck.ended
