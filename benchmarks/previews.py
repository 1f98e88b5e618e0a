"""How soon photos of phones are found: by previews first, in one pass, in an older build.

OLDER names the checkout of the older build, as in `older.py`; without it, that row is left out.
"""

import os
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks.older import builds
from benchmarks.tables import Table, median, shared_photos

ROOT = Path(__file__).parents[1]
PHOTOS = int(os.environ.get("MAGPIE_PREVIEW_PHOTOS", "60"))
FEW = 2
"""Photos of a library that takes no longer than to start."""

ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Side:
    """A way to index: its checkout, and what its command gets besides."""

    name: str
    checkout: Path
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds since the command began: until all photos are found, and until it is done.

    Attributes:
        found, done: wall-clock time.
        found_busy, done_busy: of the processors.
    """

    found: float
    done: float
    found_busy: float
    done_busy: float


def tables() -> Iterator[Table]:
    """Index HEICs of two phones, of which there are as many with ids of their own as wanted."""
    sides = [Side("previews first", ROOT), Side("`--one-pass`", ROOT, ("--one-pass",))]
    sides += [Side("older build", build.root) for build in builds()[1:]]
    with tempfile.TemporaryDirectory() as home:
        start = _in_turns(sides, Path(home), FEW, 1)
        many = _in_turns(sides, Path(home), PHOTOS, ROUNDS)
    rows = []
    for side in sides:
        times, first = many[side.name], start[side.name]
        rate = (PHOTOS - FEW) / (times.found_busy - first.found_busy)
        values = (times.found, times.done, times.found_busy, times.done_busy, first.found_busy)
        rows.append((side.name, *(f"{value:.1f}" for value in values), f"{rate:.1f}"))
    notes = (
        f"{PHOTOS} HEICs of 12 megapixels of an iPhone and a Galaxy, in a new SQLite store; from "
        f"the start of the process, medians of {ROUNDS} rounds in which the ways take turns. "
        "Found: the store holds all photos, and ranks them. Start: the same of a library of two."
    )
    head = ("", "found s", "done s", "found CPU s", "done CPU s", "start CPU s", "found/CPU s")
    yield Table("Previews", head, rows, notes)


def _in_turns(sides: list[Side], home: Path, photos: int, rounds: int) -> Mapping[str, Times]:
    folder = home / f"photos-{photos}"
    _make(folder, photos)
    all_times: dict[str, list[Times]] = {side.name: [] for side in sides}
    for number in range(rounds):
        for side in sides:
            store = home / f"{photos}-{number}-{sides.index(side)}.db"
            all_times[side.name].append(_index(side, folder, store, photos))
    return {name: _medians(times) for name, times in all_times.items()}


def _medians(times: list[Times]) -> Times:
    names = ("found", "done", "found_busy", "done_busy")
    return Times(*(median([getattr(one, name) for one in times]) for name in names))


def _make(folder: Path, photos: int) -> None:
    """Write copies that differ by a box that holds nothing."""
    originals = sorted((shared_photos().parent / "camera").glob("*.heic"))
    folder.mkdir()
    for number in range(photos):
        data = originals[number % len(originals)].read_bytes()
        free = struct.pack(">I4sQ", 16, b"free", number)
        (folder / f"IMG_{number:04}.heic").write_bytes(data + free)


def _index(side: Side, folder: Path, store: Path, photos: int) -> Times:
    began = time.perf_counter()
    words = ["index", str(folder), "--store", f"sqlite:///{store}", *side.options]
    process = subprocess.Popen(
        [sys.executable, "-m", "search", *words],
        cwd=side.checkout,
        env={**os.environ, "PYTHONPATH": str(side.checkout)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    found, busy = 0.0, 0.0
    while not found and process.poll() is None:
        if _count(store) == photos:
            found, busy = time.perf_counter() - began, _busy(process.pid)
        time.sleep(0.02)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0 and found, (side, process.returncode)
    return Times(found, time.perf_counter() - began, busy, usage.ru_utime + usage.ru_stime)


def _count(store: Path) -> int:
    if not store.exists():
        return 0
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as connection:
        try:
            (number,) = connection.execute("SELECT count(*) FROM photos").fetchone()
        except sqlite3.OperationalError:  # it is just being made
            return 0
    return int(number)


def _busy(process: int) -> float:
    """Return the processor seconds that a process has taken so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
