"""Malformed files among good photos: what is lost, what is named, and how much memory a run takes.

`make soak` runs it with 1,000 files, as on 2 cores and as on 16.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.serving import photos
from benchmarks.tables import Table

COUNT = 1_000
MOST_BYTES = {2: 1.5e9, 16: 3e9}
"""Of memory, by cores."""

SAMPLE_SECONDS = 0.02

INDEX_WITH_CORES = """
import os, sys
cores = int(sys.argv.pop(1))
os.cpu_count = lambda: cores
from search.commands import main
main()
"""
"""Without as many cores, a run has as many readers and as much room as it would have there."""


@dataclass(frozen=True, slots=True)
class Ordeal:
    """What a run did.

    Attributes:
        good: photos that had to be indexed.
        lost: those of them that were not.
        bad: malformed files.
        named: those of them that the report names, with the reason.
        shown: those of which a picture could be shown, and was indexed.
        silent: those that are neither.
        peak: bytes of memory that all processes of the run held at the same time, at most.
        seconds: of the run.
    """

    good: int
    lost: tuple[str, ...]
    bad: int
    named: dict[str, str]
    shown: tuple[str, ...]
    silent: tuple[str, ...]
    peak: int
    seconds: float


def undergo(count: int, cores: int) -> Ordeal:
    """Index so many malformed files among photos, as on a machine of so many cores."""
    sys.path.append(str(Path(__file__).parents[1] / "tests"))
    from malformed_samples import malformed

    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "photos"
        folder.mkdir()
        good = {shutil.copy(photo, folder / photo.name) for photo in photos()}
        bad = {folder / file.name: file.content for file in malformed(count)}
        for path, content in bad.items():
            path.write_bytes(content)
        command = [sys.executable, "-c", INDEX_WITH_CORES, str(cores), "index", str(folder)]
        began = time.perf_counter()
        report, peak = _run([*command, "--store", f"sqlite:///{home}/photos.db", "--json"])
        seconds = time.perf_counter() - began
        indexed = _indexed(f"sqlite:///{home}/photos.db")
    named = {Path(one["path"]).name: one["reason"] for one in report["failed"]}
    names = {path.name for path in bad}
    return Ordeal(
        good=len(good),
        lost=tuple(sorted({path.name for path in good} - indexed)),
        bad=len(bad),
        named=named,
        shown=tuple(sorted(names & indexed)),
        silent=tuple(sorted(names - indexed - named.keys())),
        peak=peak,
        seconds=seconds,
    )


def _indexed(location: str) -> set[str]:
    from indexer.stores import open_store

    store = open_store(location)
    try:
        return {Path(path).name for photo in store.photos.scan() for path in photo.paths}
    finally:
        store.close()


def _run(command: list[str]) -> tuple[dict[str, list[dict[str, str]]], int]:
    """Run a command that answers with JSON; return the answer, and the peak of its processes."""
    with tempfile.TemporaryFile("w+") as answer, tempfile.TemporaryFile("w+") as told:
        process = subprocess.Popen(command, stdout=answer, stderr=told)
        peak = 0
        while process.poll() is None:
            peak = max(peak, sum(map(_resident, _tree(process.pid))))
            time.sleep(SAMPLE_SECONDS)
        if process.returncode:
            told.seek(0)
            raise RuntimeError(f"magpie index failed: {told.read()[-2_000:]}")
        answer.seek(0)
        return json.load(answer), peak


def _tree(process: int) -> Iterator[int]:
    """Yield a process and all that it started."""
    yield process
    for file in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            children = file.read_text(encoding="ascii").split()
        except OSError:  # it has just ended
            continue
        for child in children:
            yield from _tree(int(child))


def _resident(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/statm").read_bytes().split()[1]) * 4096
    except (OSError, IndexError):
        return 0


def tables(count: int = COUNT) -> Iterator[Table]:
    """Say what became of malformed files and of good photos among them, and what it took."""
    rows = []
    for cores, most in MOST_BYTES.items():
        done = undergo(count, cores)
        rows.append(
            (
                f"{cores}",
                f"{done.bad:,}",
                f"{len(done.named):,}",
                f"{len(done.shown):,}",
                f"{len(done.silent)}",
                f"{len(done.lost)} of {done.good}",
                f"{done.peak / 1e9:.2f} GB of {most / 1e9:g}",
                f"{done.seconds:.0f} s",
            )
        )
    what = ("malformed", "named", "shown", "neither", "good ones lost", "peak memory", "time")
    header = ("as on cores", *what)
    notes = (
        "One run of `magpie index`; memory is what all of its processes held at the same time, "
        f"looked at every {SAMPLE_SECONDS * 1000:g} ms. Of a few malformed files a picture can be "
        "shown."
    )
    yield Table("Malformed files", header, rows, notes)


if __name__ == "__main__":
    for piece in tables(int(sys.argv[1]) if sys.argv[1:] else COUNT):
        print(piece.markdown(), flush=True)
