"""The HTTP API under load: a real server process, 20,000 photos, clients on the same machine.

`python -m benchmarks serving` runs it. Vectors and labels are random, thumbnails are real.
"""

import asyncio
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit
from urllib.request import urlopen

from benchmarks.elasticsearch import INFO, LIBRARY, Samples
from benchmarks.synthetic import photo_id
from benchmarks.tables import Table, percentile
from indexer.network.describer import open_describer
from indexer.network.options import NetworkOptions
from indexer.photos.thumbnails import Size, to_jpeg
from indexer.stores import open_store
from indexer.stores.thumbnails import thumbnail_file

if TYPE_CHECKING:
    from PIL.Image import Image

CLIENTS = 20
REQUESTS = 2_000
UPLOADS = 60
CLICKS = 100
RATE, SECONDS = 200, 30
WORDS = (
    *("dog", "cat", "bird", "zebra", "car", "flower", "breakfast", "music", "beach", "fruit"),
    *("red car", "dog on grass", "old ship", "snow -dog", "furniture", "boat", "insect", "sport"),
)
SEARCHES = [f"/api/search?q={quote(word)}&limit=50" for word in WORDS]


@dataclass(slots=True)
class Measured:
    """Seconds of the requests that were answered, and the status of those that failed."""

    seconds: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def cells(self) -> tuple[str, str, str]:
        """Return the median, the 95th percentile and the number of failures."""
        middle, slow = (f"{percentile(self.seconds, s) * 1000:.0f} ms" for s in (0.5, 0.95))
        return middle, slow, f"{len(self.failed)} of {len(self.seconds) + len(self.failed)}"


class Client:
    """One connection that is kept open. No HTTP library, because only the server is measured."""

    def __init__(self, url: str) -> None:
        """Do not connect before the first request."""
        self._place = urlsplit(url)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(
        self, measured: Measured, path: str, body: bytes = b"", type: str = "application/json"
    ) -> bytes:
        """Send a GET, or a POST if there is a body; return the body of the answer."""
        if self._streams is None:
            host, port = self._place.hostname, self._place.port
            self._streams = await asyncio.open_connection(host, port, limit=2**22)
        reader, writer = self._streams
        head = f"{'POST' if body else 'GET'} {path} HTTP/1.1\r\nHost: localhost\r\n"
        if body:
            head += f"Content-Type: {type}\r\nContent-Length: {len(body)}\r\n"
        began = time.perf_counter()
        writer.write(head.encode() + b"\r\n" + body)
        answer = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(answer.split("content-length: ")[1].split("\r")[0])
        content = await reader.readexactly(length)
        seconds, status = time.perf_counter() - began, answer.split(" ")[1]
        if status == "200":
            measured.seconds.append(seconds)
        else:
            measured.failed.append(status)
        return content


def tables() -> Iterator[Table]:
    """Measure searches, thumbnails, uploads, clicks, and a steady load of several."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        ids = _make_library(home)
        with server(home) as url:
            yield _table(url, ids)


def _table(url: str, ids: Sequence[str]) -> Table:
    thumbnails = [f"/api/photos/{id}/image?size={Size.GRID}" for id in ids]
    measure = asyncio.run
    measure(_together(url, SEARCHES, 200, CLIENTS))  # warms the server up
    busy = measure(_together(url, SEARCHES, REQUESTS, CLIENTS))
    steady = measure(_steadily(url, SEARCHES, RATE, 10))
    shown = measure(_together(url, thumbnails, REQUESTS, 6))
    uploaded = measure(_upload(url))
    judged = measure(_judge(url, ids))
    mixed = [*SEARCHES, *thumbnails[: len(SEARCHES)]]
    held = measure(_steadily(url, mixed, RATE, SECONDS))
    rows = [
        (f"search, {CLIENTS} clients, {RATE} requests/s", *steady.cells(), "p95 40 ms"),
        (f"search, {CLIENTS} clients without a pause", *busy.cells(), ""),
        ("thumbnail, 6 clients without a pause", *shown.cells(), ""),
        ("search by an uploaded photo, 1 client", *uploaded.cells(), "p95 150 ms"),
        ("click, then the re-ranked answer, 1 client", *judged.cells(), "p95 60 ms"),
        (f"searches and thumbnails, {RATE}/s for {SECONDS} s", *held.cells(), "no failures"),
    ]
    notes = (
        f"{LIBRARY:,} photos in SQLite, 50 hits per answer, {len(WORDS)} queries in turn. Server "
        "and clients share the machine. The uploaded photos are not in the library."
    )
    return Table("HTTP API", ("", "median", "p95", "failed", "target"), rows, notes)


async def _together(url: str, paths: Sequence[str], number: int, clients: int) -> Measured:
    """Send requests from several clients, each as soon as its last one was answered."""
    measured, waiting = Measured(), itertools.islice(itertools.cycle(paths), number)

    async def work() -> None:
        client = Client(url)
        for path in waiting:  # shared: the next free client takes the next path
            await client.send(measured, path)

    await asyncio.gather(*(work() for _ in range(clients)))
    return measured


async def _steadily(url: str, paths: Sequence[str], rate: int, seconds: int) -> Measured:
    """Send requests at a steady rate; the time of a late one counts from when it was due."""
    measured, waiting = Measured(), enumerate(itertools.cycle(paths))
    began = time.perf_counter() + 0.1

    async def work() -> None:
        client = Client(url)
        for number, path in waiting:
            due = began + number / rate
            if number >= rate * seconds:
                return
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            late = max(0.0, time.perf_counter() - due)
            before = len(measured.seconds)
            await client.send(measured, path)
            if len(measured.seconds) > before:
                measured.seconds[-1] += late

    await asyncio.gather(*(work() for _ in range(CLIENTS)))
    return measured


def form(picture: bytes) -> tuple[bytes, str]:
    """Return the body of a request that uploads a picture, and its content type."""
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
    return head + picture + b"\r\n--x--\r\n", "multipart/form-data; boundary=x"


async def _upload(url: str) -> Measured:
    measured, client = Measured(), Client(url)
    photo = photos()[-1].read_bytes()
    for number in range(UPLOADS + 5):
        data = photo + number.to_bytes(4, "big")  # other bytes: another photo
        body, kind = form(data)
        if number == 5:  # the first ones warm up
            measured = Measured()
        await client.send(measured, "/api/search/image", body, kind)
    return measured


async def _judge(url: str, ids: Sequence[str]) -> Measured:
    measured, client = Measured(), Client(url)
    for number in range(CLICKS):
        part = Measured()
        word = f"unknown{number // 10}"
        body = json.dumps({"query": word, "good": [ids[number]], "shown": list(ids[:20])})
        await client.send(part, "/api/feedback", body.encode())
        await client.send(part, f"/api/search?q={word}&limit=50")
        if number == 0:  # builds the space in which examples are compared
            continue
        measured.failed += part.failed
        measured.seconds += [sum(part.seconds)] if not part.failed else []
    return measured


def _make_library(home: Path) -> list[str]:
    """Write the store and real thumbnails; return the ids of photos with a thumbnail."""
    store = open_store(f"sqlite:///{home}/photos.db")
    store.identity.create(open_describer(NetworkOptions(model=INFO.model), None).info)
    samples = Samples.make()
    assert store.photos.put(samples.photos(0, LIBRARY)) == []
    ids = [photo_id(number) for number in range(2_000)]
    pictures = itertools.cycle(_thumbnails())
    thumbnail_file(store).put(Size.GRID, dict(zip(ids, pictures, strict=False)))
    store.close()
    return ids


def _thumbnails() -> list[bytes]:
    from PIL import Image

    return [to_jpeg(Image.open(photo).convert("RGB"), Size.GRID) for photo in photos()]


def thumbnail(picture: "Image", size: int) -> bytes:
    """Return a picture as a JPEG whose longer side has `size` pixels."""
    small, jpeg = picture.copy(), BytesIO()
    small.thumbnail((size, size))
    small.save(jpeg, "JPEG", quality=82)
    return jpeg.getvalue()


def photos() -> list[Path]:
    """Return the paths of real photographs."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))
    from real_photos import real_photos

    return real_photos()


@contextmanager
def server(home: Path, checkout: Path | None = None) -> Iterator[str]:
    """Run `magpie serve` as `started` does; yield its URL."""
    with started(home, checkout) as (url, _):
        yield url


@contextmanager
def started(home: Path, checkout: Path | None = None) -> Iterator[tuple[str, int]]:
    """Run `magpie serve` on the store; yield its URL once the network is loaded too, and its PID.

    Args:
        home: the folder of the store.
        checkout: that of another build; None = this one.
    """
    magpie = Path(sys.executable).with_name("magpie")
    command = [magpie, "serve", "--port", "0", "--json", "--store", f"sqlite:///{home}/photos.db"]
    command += ["--rate", "100000"]  # one client sends as much as many do
    with (home / "log").open("w") as log:
        environment = {**os.environ, **({"PYTHONPATH": str(checkout)} if checkout else {})}
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=log, text=True, env=environment, cwd=checkout
        )
    try:
        assert process.stdout is not None
        url = json.loads("".join(process.stdout.readline() for _ in range(3)))["url"]
        while _status(url)["network"] != "ready":
            time.sleep(0.2)
        yield url, process.pid
    finally:
        with process:  # closes what it printed into
            process.terminate()


def _status(url: str) -> dict[str, str]:
    with urlopen(f"{url}/api/status") as answer:
        status: dict[str, str] = json.load(answer)
    return status
