"""How long and in how much memory a run plans what to do in folders of many files."""

import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from benchmarks.tables import Table
from indexer.photos.finding import Found, find
from indexer.records import File, StoreInfo
from indexer.run.plan import make_plan
from indexer.stores import open_store

ROOT = Path(__file__).parents[1]
SIZES = (10_000, 100_000, 1_000_000)
A_FOLDER = 20
"""Files of one folder; a million are in 50,000 folders."""

FOLDERS_TOGETHER = 250
"""Folders of one folder."""

SHARED = (200, 600)
"""Bytes of labels and neighbours that lie between the paths of photos in a store."""


def tables() -> Iterator[Table]:
    """Measure planning where all files are new, and where all are unchanged."""
    rows = [row for size in SIZES for row in _of_size(size)]
    notes = (
        f"Empty files, {A_FOLDER} per folder, just written, so the system has the folders in "
        "memory; an SQLite store. One process each: seconds in all, those of a processor, and the "
        "largest resident set. "
        "Target for a million: 60 s and 2 GB."
    )
    yield Table("Planning a run", ("files", "", "s", "CPU s", "MB"), rows, notes)


def _of_size(size: int) -> Iterator[tuple[str, ...]]:
    with tempfile.TemporaryDirectory() as home:
        top = Path(home) / "photos"
        make_tree(top, size)
        store = f"sqlite:///{home}/photos.db"
        _in_a_process("fill", top, store)
        for name in ("new", "unchanged"):
            seconds, busy, peak = _in_a_process(name, top, store)
            row = f"{size:,}", f"all {name}", f"{seconds:.1f}", f"{busy:.1f}", f"{peak / 1e6:.0f}"
            yield row


def make_tree(top: Path, size: int) -> None:
    """Make `size` empty files named like photos below `top`."""
    for start in range(0, size, A_FOLDER):
        number = start // A_FOLDER
        folder = top / f"year {number // FOLDERS_TOGETHER}" / f"day {number}"
        folder.mkdir(parents=True)
        for file in range(start, min(start + A_FOLDER, size)):
            (folder / f"IMG_{file:07}.jpg").touch()


def fill(top: Path, url: str) -> None:
    """Write a record and a photo, without picture, for every file below `top`."""
    with closing(open_store(url)) as store:
        store.identity.create(StoreInfo("efficientnet_lite0", "0" * 64, 1280))
        found = (entry for entry in find([top]) if isinstance(entry, Found))
        store.files.put(
            File(one.path, one.bytes, one.modified_ns, f"{number:064x}")
            for number, one in enumerate(found)
        )
        rows = (
            (file.photo, json.dumps({"paths": [file.path]}), *map(bytes, SHARED))
            for file in store.files.read()
        )
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection, connection:
            connection.executemany(
                "INSERT INTO photos (id, version, content, document, labels, neighbours) "
                "VALUES (?, 1, 1, ?, ?, ?)",
                rows,
            )


def plan(top: Path, url: str) -> None:
    """Plan a run over `top`, with what the store at `url` knows; "" = it knows nothing."""
    if not url:
        make_plan([top], find([top]))
        return
    with closing(open_store(url)) as store:
        planned = make_plan([top], find([top]), store.files.read(), store.photos.paths())
    assert not planned.unread and not planned.gone, "something has changed"


def _in_a_process(what: str, top: Path, store: str) -> tuple[float, float, int]:
    """Return its seconds, those of a processor, and its largest resident set in bytes."""
    command = [sys.executable, "-m", "benchmarks.folders", what, str(top), store]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    seconds, busy, peak = done.stdout.split()
    return float(seconds), float(busy), int(peak)


def _main(what: str, top: Path, store: str) -> None:
    began = time.perf_counter()
    if what == "fill":
        fill(top, store)
    else:
        plan(top, store if what == "unchanged" else "")
    print(time.perf_counter() - began, time.process_time(), _peak())


def _peak() -> int:
    """Return the largest resident set of this process in bytes.

    `getrusage` would count what the process that started this one held, such as TensorFlow.
    """
    status = Path("/proc/self/status").read_text("utf-8")
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


if __name__ == "__main__":
    _main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
