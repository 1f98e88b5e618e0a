"""A web server around the app: its socket, its log, how it ends."""

import logging
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import uvicorn

from indexer.errors import BadValue, StoreAway
from search.api.app import create_app
from search.api.connections import Connection, PatientServer, most_connections
from search.api.settings import Settings
from search.library import Library

PENDING_CONNECTIONS = 1024
IDLE_SECONDS = 75
"""How long a connection is kept for the next request."""

SWITCH_SECONDS = 0.001
"""A computing thread yields to the event loop after this; Python's default is 5 ms."""

END_SECONDS = 10
"""How long running requests may take when the server is stopped."""


@contextmanager
def listen(host: str, port: int) -> Iterator[tuple[socket.socket, str]]:
    """Yield a listening socket, and the address of the server.

    Raises:
        BadValue: this machine has no such address.
        StoreAway: another program uses the port.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host.strip("[]"), port))
            listening.listen(PENDING_CONNECTIONS)
        except socket.gaierror as error:
            raise BadValue(
                f"this machine has no address {host!r} ({error.strerror}): choose another --host"
            ) from None
        except OSError as error:
            raise StoreAway(
                f"cannot listen on {host} port {port} ({error.strerror}): choose another --port"
            ) from None
        name = f"[{host.strip('[]')}]" if family == socket.AF_INET6 else host
        yield listening, f"http://{name}:{listening.getsockname()[1]}"


def run(library: Library, settings: Settings, listening: socket.socket) -> None:
    """Serve a library until the process is told to stop."""
    log_to_stderr()
    sys.setswitchinterval(SWITCH_SECONDS)
    most = most_connections()
    config = uvicorn.Config(
        create_app(library, settings),
        http=partial(Connection, most),  # type: ignore[arg-type]  # it is only called
        backlog=min(most, PENDING_CONNECTIONS),  # all that wait are taken at once
        log_config=None,
        access_log=False,  # the app writes its own
        server_header=False,
        proxy_headers=False,  # or any client could make up its X-Forwarded-For
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=END_SECONDS,
        ws="none",
    )
    PatientServer(config).run(sockets=[listening])


def log_to_stderr() -> None:
    """Send the log of requests (one JSON document per line) and errors to stderr."""
    logs = logging.StreamHandler(sys.stderr)
    logs.setFormatter(logging.Formatter("%(message)s"))
    for name, level in (("magpie", logging.INFO), ("uvicorn.error", logging.WARNING)):
        log = logging.getLogger(name)
        log.handlers, log.propagate = [logs], False
        log.setLevel(level)
