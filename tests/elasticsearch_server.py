"""A real Elasticsearch server for tests, started by tools/elasticsearch/start."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from surroundings import need_java

START = Path(__file__).parents[1] / "tools" / "elasticsearch" / "start"
START_SECONDS = 280
"""Time for Maven to fetch 40 MB as well."""

FOR_MINUTES = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""How Java runs what does not run long: a start costs 7 processor-seconds instead of 14."""


@contextmanager
def running(folder: Path, *arguments: str) -> Iterator[str]:
    """Run a server with its data in `folder`; give its URL once it answers, and stop it."""
    with node(folder, *arguments) as (url, _):
        yield url


@contextmanager
def node(folder: Path, *arguments: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """As `running`; gives the process too."""
    need_java()
    port, log = free_port(), folder / "elasticsearch.log"
    command = [str(START), "--port", str(port), "--data", str(folder / "data"), *arguments]
    # A killed test run must not leave a server behind.
    environment = {**os.environ, "STOP_WITH_PARENT": "yes", "JDK_JAVA_OPTIONS": FOR_MINUTES}
    with log.open("w") as output:
        server = subprocess.Popen(command, stdout=output, stderr=output, env=environment)
    try:
        wait(server, log)
        yield f"http://127.0.0.1:{port}", server
    finally:
        server.terminate()
        server.wait(60)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait(server: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the server says that it is ready."""
    end = time.monotonic() + START_SECONDS
    while " is ready at " not in log.read_text():
        if server.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"Elasticsearch did not start: {log.read_text()[-2000:]}")
        time.sleep(0.1)
