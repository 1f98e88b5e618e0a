"""What it costs to switch a library to another network, in time and memory, beside `magpie index`.

`python -m benchmarks reindex` runs it. ES_URL names a server; otherwise one is started.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from benchmarks.elasticsearch import server
from benchmarks.processes import measure
from benchmarks.tables import Table, shared_photos
from indexer.photos.finding import Found, find
from indexer.stores import open_store

MODEL = "efficientnet_lite0"
SIZES = (1_200, 4_800)
"""Photos: the labelled ones, and copies of them with other bytes at the end."""

EARLIER = "earlier"


def tables() -> Iterator[Table]:
    """Measure both commands on both stores, with two sizes on SQLite."""
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as url:
        home = Path(folder)
        # First, because a network is converted for its engine at its first use, by TensorFlow.
        _run("index", str(_photos(home / "few", 8)), "--store", f"sqlite:///{home}/few.db")
        rows = [_row("SQLite", f"sqlite:///{home}/{size}.db", home, size) for size in SIZES]
        rows.append(_row("Elasticsearch", f"{url}/reindexed", home, SIZES[0]))
    notes = (
        f"Whole new processes with {MODEL}; memory is the largest resident set of the process, "
        "without the server's. `magpie reindex` includes the switch."
    )
    columns = ("store", "photos", "index, 1/s", "reindex, 1/s", "index, MB", "reindex, MB")
    yield Table("Another network for a library in use", columns, rows, notes)


def _row(name: str, url: str, home: Path, size: int) -> tuple[str, ...]:
    photos = _photos(home / f"photos-{size}", size)
    index, index_peak = _run("index", str(photos), "--store", url)
    _make_earlier(url)
    again, peak = _run("reindex", "--store", url)
    rates = (f"{size / index:.1f}", f"{size / again:.1f}")
    return name, f"{size:,}", *rates, f"{index_peak / 1e6:.0f}", f"{peak / 1e6:.0f}"


def _photos(folder: Path, count: int) -> Path:
    """Make a folder of this many different photos."""
    files = [Path(entry.path) for entry in find([shared_photos()]) if isinstance(entry, Found)]
    folder.mkdir(exist_ok=True)
    for number in range(count):
        again, position = divmod(number, len(files))
        content = files[position].read_bytes() + b"\0" * again
        (folder / f"{number:06}{files[position].suffix}").write_bytes(content)
    return folder


def _make_earlier(url: str) -> None:
    """Pretend that another network described the library."""
    with closing(open_store(url)) as store:
        info, old = store.identity.info(), store.renewal.next()
        assert info is not None
        old.identity.create(replace(info, model=EARLIER, weights="0" * 64))
        old.photos.put(replace(photo, model=EARLIER, version=None) for photo in store.photos.scan())
        old.files.put(store.files.read())
        old.refresh()
        store.renewal.swap()
        store.renewal.drop_old()


def _run(*words: str) -> tuple[float, int]:
    magpie = str(Path(sys.executable).with_name("magpie"))
    return measure([magpie, *words, "--model", MODEL])
