"""A real Elasticsearch server for tests, started by tools/elasticsearch/start."""

import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from check_tools import START
from surroundings import need_elasticsearch, wanted_version

START_SECONDS = 280
"""On a busy machine."""

FOR_MINUTES = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""How Java runs what does not run long: a start costs 7 processor-seconds instead of 14."""


MEMORY, ROOM = Path("/dev/shm"), 4_000_000_000
"""Where Linux keeps files in memory, and the bytes that should be free there."""


@contextmanager
def running_in_memory(folder: Path) -> Iterator[str]:
    """As `running`, its data in memory where there is room: indices are made in half the time.

    Elasticsearch makes sure that whatever it makes is on the disk, and tests make thousands of
    indices. Those that are about deaths of a server run one of their own, on the disk.
    """
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ROOM:
        with running(folder) as url:
            yield url
        return
    with TemporaryDirectory(dir=MEMORY, prefix="magpie-tests-") as data:
        place = folder / "data"
        place.unlink(missing_ok=True)  # of another worker that could not start it
        place.symlink_to(data)
        with running(folder) as url:
            yield url


@contextmanager
def running(folder: Path, *arguments: str, version: str = "") -> Iterator[str]:
    """Run a server with its data in `folder`; give its URL once it answers, and stop it.

    Without a `version` it is of that of ES_VERSION.
    """
    with node(folder, *arguments, version=version) as (url, _):
        yield url


@contextmanager
def node(
    folder: Path, *arguments: str, version: str = "", patience: float = START_SECONDS
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """As `running`; gives the process too. Its start may take `patience` seconds."""
    version = version or wanted_version()
    need_elasticsearch(version)
    port, log = free_port(), folder / "elasticsearch.log"
    command = [str(START), "--version", version, "--port", str(port)]
    command += ["--data", str(folder / "data"), *arguments]
    # A killed test run must not leave a server behind.
    environment = {**os.environ, "STOP_WITH_PARENT": "yes", "JDK_JAVA_OPTIONS": FOR_MINUTES}
    with log.open("w") as output:
        server = subprocess.Popen(command, stdout=output, stderr=output, env=environment)
    try:
        wait(server, log, patience)
        yield f"http://127.0.0.1:{port}", server
    finally:
        server.terminate()
        server.wait(patience)


@contextmanager
def new_store(server: str) -> Iterator[str]:
    """Give the URL of a store on a server that is not there yet; remove its indices afterwards."""
    from elasticsearch import Elasticsearch

    name = f"magpie-test-{secrets.token_hex(6)}"
    yield f"{server}/{name}"
    with Elasticsearch(server) as client:
        # By name: servers refuse to delete by pattern. All at once: each deletion is a new state of
        # the cluster, which takes its time.
        made = client.indices.get(index=f"{name}*", features="aliases")
        if made:
            client.indices.delete(index=list(made))


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait(server: subprocess.Popen[bytes], log: Path, patience: float = START_SECONDS) -> None:
    """Return when the server says that it is ready."""
    end = time.monotonic() + patience
    while " is ready at " not in log.read_text():
        if server.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"Elasticsearch did not start: {log.read_text()[-2000:]}")
        time.sleep(0.1)
