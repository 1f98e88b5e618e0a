"""Thumbnails of photos as large as cameras': what they cost, and how soon a screen of them shows.

`python -m benchmarks thumbnails` runs it, with OLDER=checkout an older build beside this one.
`python -m benchmarks.thumbnails 400` measures fewer photos. It writes 3 MB a photo.
"""

import asyncio
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from shutil import copytree, ignore_patterns

from benchmarks.older import builds
from benchmarks.serving import Client, Measured, server
from benchmarks.tables import Table, percentile
from indexer.derived.thumbnail_file import ThumbnailFile
from indexer.photos.decoding import decode
from indexer.photos.thumbnails import Size, of_decoded

SIDE = 224
"""Of the default network."""

TILES, CONNECTIONS = 40, 6
"""Of a first screen; connections as browsers open them."""

SCREENS, OLDER_SCREENS = 20, 5
OLDER_SIZE = 320
"""What the page's rows asked for when thumbnails were made on demand."""

ROUNDS = 5

NOTES = (
    "{:,} photos of 12 to 17 megapixels, HEIC and JPEG. A screen is "
    f"{TILES} photos in random order and their thumbnails, over {CONNECTIONS} connections, none of "
    f"them shown before. {TILES} photos are opened at {Size.LARGE} pixels, one after the other. "
    "Server and clients share the machine; files are in memory."
)


def tables(photos: int = 2_000) -> Iterator[Table]:
    """Make a library, index it, and measure what it takes to make, keep and show thumbnails."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "new"
        samples = _samples()
        _fill(home / "photos", samples, photos)
        indexed = _index(home)
        older = builds()[1:]
        if older:
            copytree(
                home, home.with_name("older"), ignore=ignore_patterns("photos", "*.thumbnails")
            )
        yield _costs(home, [data for _, data in samples], photos, indexed)
        screens = min(SCREENS, photos // TILES - 1)
        rows = [_shown("this build", home, None, Size.GRID, screens)]
        for build in older:
            place, fewer = home.with_name("older"), min(OLDER_SCREENS, screens)
            rows.append(_shown("the older build", place, build.root, OLDER_SIZE, fewer))
        columns = ("", "screens", "screen, median", "p95", "photo, median", "p95")
        yield Table("First screen", columns, rows, NOTES.format(photos))


def _costs(home: Path, samples: Sequence[bytes], photos: int, indexed: str) -> Table:
    file = ThumbnailFile(home / "photos.db.thumbnails")
    made = [[_making(data) for data in samples] for _ in range(ROUNDS)]
    core = statistics.median(statistics.fmean(times) for times in made)
    keeping = statistics.median(_keeping(home) for _ in range(ROUNDS))
    rows = [
        ("making one, of what was decoded", f"{core:.2f} core-ms", "3 with keeping"),
        ("keeping one", f"{keeping:.2f} core-ms", ""),
        ("one in the file", f"{file.path.stat().st_size / photos / 1000:.1f} kB", "20 kB"),
        ("all of `magpie index`, one look", indexed, ""),
    ]
    return Table("Thumbnails while indexing", ("", "measured", "target"), rows)


def _making(data: bytes) -> float:
    """Return core-milliseconds."""
    decoded = decode(data, SIDE)
    began = time.thread_time()
    of_decoded(decoded, SIDE)
    return (time.thread_time() - began) * 1000


def _keeping(home: Path) -> float:
    """Return core-milliseconds a thumbnail, in batches as a run writes them."""
    file, jpeg = ThumbnailFile(home / "keeping.thumbnails"), os.urandom(16_000)
    began = time.thread_time()
    for batch in range(20):
        file.put(Size.GRID, {f"{batch}-{number}": jpeg for number in range(16)})
    taken = (time.thread_time() - began) * 1000 / 320
    file.path.unlink()
    return taken


def _samples() -> list[tuple[str, bytes]]:
    """Return endings and contents of photos as cameras write them."""
    from PIL import Image

    folder = Path(__file__).parents[2] / "shared" / "camera"
    samples = [(".heic", path.read_bytes()) for path in sorted(folder.glob("*.heic"))]
    for path in sorted(folder.glob("*.jpg")):
        jpeg = BytesIO()
        with Image.open(path) as image:
            image.save(jpeg, "JPEG", quality=92, subsampling="4:2:0")
        samples.append((".jpg", jpeg.getvalue()))
    return samples


def _fill(folder: Path, samples: Sequence[tuple[str, bytes]], photos: int) -> None:
    folder.mkdir(parents=True)
    for number, (ending, data) in zip(range(photos), itertools.cycle(samples), strict=False):
        (folder / f"IMG_{number:05}{ending}").write_bytes(_varied(data, ending, number))


def _varied(data: bytes, ending: str, number: int) -> bytes:
    """Return a photo with other bytes and the same picture."""
    text = number.to_bytes(8, "big")
    if ending == ".heic":  # a box to be skipped: ISO/IEC 14496-12, 8.1.2
        return data + (16).to_bytes(4, "big") + b"free" + text
    return data[:2] + b"\xff\xfe\x00\x0a" + text + data[2:]  # a comment: ITU-T T.81, B.2.4.5


def _index(home: Path) -> str:
    magpie = Path(sys.executable).with_name("magpie")
    store = f"sqlite:///{home}/photos.db"
    command = [magpie, "index", home / "photos", "--store", store, "--looks", "1", "--json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    report = json.loads(done.stdout)
    assert not report["failed"] and not report["damaged"], report
    return f"{report['photos_per_second']:.1f} photos/s"


def _shown(
    name: str, home: Path, checkout: Path | None, size: int, screens: int
) -> tuple[str, ...]:
    with server(home, checkout) as url:
        seen, opened = asyncio.run(_look(url, size, screens))
    cells = []
    for seconds in (seen, opened):
        cells += [f"{percentile(seconds, share) * 1000:,.0f} ms" for share in (0.5, 0.95)]
    return name, str(screens), *cells


async def _look(url: str, size: int, screens: int) -> tuple[list[float], list[float]]:
    """Return the seconds that each screen took, and each opened photo."""
    clients = [Client(url) for _ in range(CONNECTIONS)]
    seen = []
    for number in range(screens + 1):
        began = time.perf_counter()
        ids = await _screen(clients, size, number)
        seen.append(time.perf_counter() - began)
    measured = Measured()
    for id in ids:
        await clients[0].send(measured, f"/api/photos/{id}/image?size={Size.LARGE}")
    assert not measured.failed
    return seen[1:], measured.seconds  # the first one warms the server up


async def _screen(clients: Sequence[Client], size: int, number: int) -> list[str]:
    """Show photos that were not shown before; return their ids."""
    measured = Measured()
    address = f"/api/photos/random?seed=1&limit={TILES}&offset={TILES * number}"
    hits = json.loads(await clients[0].send(measured, address))["hits"]
    waiting = iter([hit["id"] for hit in hits])

    async def work(client: Client) -> None:
        for id in waiting:  # shared: the next free connection takes the next one
            await client.send(measured, f"/api/photos/{id}/image?size={size}")

    await asyncio.gather(*map(work, clients))
    assert not measured.failed and len(hits) == TILES
    return [hit["id"] for hit in hits]


if __name__ == "__main__":
    for table in tables(*map(int, sys.argv[1:])):
        print(table.markdown(), flush=True)
