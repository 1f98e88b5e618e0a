"""Copying a library: photos per second in each direction, and the memory it takes.

`python -m benchmarks copy` runs it, or `python -m benchmarks.copy`.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from benchmarks.elasticsearch import LIBRARY, Samples, new_store, no_store, server
from benchmarks.processes import measure
from benchmarks.tables import Table, seconds
from indexer.moving.copy_store import copy
from indexer.progress import Silence
from indexer.stores import Store

NAMES = {"sqlite": "SQLite", "elasticsearch": "Elasticsearch"}
DIRECTIONS = [(source, target) for source in NAMES for target in NAMES]
SIZES = (LIBRARY // 4, LIBRARY)
MAGPIE = str(Path(sys.executable).with_name("magpie"))


def tables() -> Iterator[Table]:
    """Measure rates in all directions, then memory at two sizes."""
    samples = Samples.make()
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as url:
        urls = {"sqlite": f"sqlite:///{folder}/photos", "elasticsearch": f"{url}/magpie-benchmark"}
        yield _rates(samples, urls)
        yield _memory(samples, urls)


def _rates(samples: Samples, urls: dict[str, str]) -> Table:
    with ExitStack() as stack:
        stores = {kind: stack.enter_context(new_store(url)) for kind, url in urls.items()}
        with new_store(f"{urls['elasticsearch']}.first") as first:  # warms the server up
            _write(samples, first, LIBRARY // 4)
        written = {kind: _write(samples, store, LIBRARY) for kind, store in stores.items()}
        rows = []
        for number, (source, target) in enumerate(DIRECTIONS):
            rate = _copy(stores[source], f"{urls[target]}.{number}")
            slower = min(written[source], written[target])
            share = f"{rate / slower:.0%}"
            rows.append((NAMES[source], NAMES[target], f"{rate:.0f}", f"{slower:.0f}", share))
    notes = (
        f"{LIBRARY:,} photos with 1,280 dimensions, 50 labels and 50 neighbours, without the "
        "queries at the end. In the same run, the slower store wrote the same photos from memory. "
        "Target: its speed."
    )
    columns = ("from", "to", "photos/s", "the slower store alone", "share")
    return Table("Copying a library", columns, rows, notes)


def _write(samples: Samples, store: Store, count: int) -> float:
    photos = list(samples.photos(0, count))

    def write() -> None:
        assert store.photos.put(photos) == []
        store.refresh()

    return count / seconds(write)


def _copy(source: Store, url: str) -> float:
    """Return photos per second."""
    with no_store(url) as target:
        return LIBRARY / seconds(lambda: copy(source, target, Silence()))


def _memory(samples: Samples, urls: dict[str, str]) -> Table:
    rows = [
        (NAMES[source], NAMES[target], *(_peak(samples, urls, source, target, n) for n in SIZES))
        for source, target in DIRECTIONS
        if source != target
    ]
    notes = (
        "The largest resident set of `magpie copy`, including the queries at the end; for these, "
        "SQLite's labels are in memory, 300 bytes per photo, as for any search."
    )
    return Table("Memory of a copy", ("from", "to", *(f"{n:,} photos" for n in SIZES)), rows, notes)


def _peak(samples: Samples, urls: dict[str, str], source: str, target: str, count: int) -> str:
    there, here = (f"{urls[kind]}.{count}.{kind}.{source}" for kind in (source, target))
    with new_store(there) as store, no_store(here):
        _write(samples, store, count)
        _, peak = measure([MAGPIE, "copy", "--from", there, "--to", here])
    return f"{peak / 1e6:.0f} MB"


if __name__ == "__main__":
    for table in tables():
        print(table.markdown(), flush=True)
