"""`magpie serve` as a process, for tests."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

FROM_PAGE = {"sec-fetch-site": "same-origin"}
"""Sent with a change by the page: no other site asks for it."""


@dataclass(frozen=True)
class Server:
    """A process `magpie serve`: where it is, and the store it serves."""

    url: str
    store: str
    process: subprocess.Popen[str]


@contextmanager
def serving(store: str, log: Path, *options: str) -> Iterator[Server]:
    """Run `magpie serve` on a free port until it is ready; its stderr goes to `log`."""
    magpie = Path(sys.executable).with_name("magpie")
    command = [magpie, "serve", "--port", "0", "--json", "--store", store, *options]
    with log.open("w") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
    try:
        assert process.stdout is not None
        told = "".join(process.stdout.readline() for _ in range(3))
        server = Server(json.loads(told)["url"], store, process)
        while httpx2.get(f"{server.url}/readyz").status_code == 503:
            time.sleep(0.05)
        yield server
    finally:
        process.terminate()
        process.wait(60)
        process.stdout.close()
