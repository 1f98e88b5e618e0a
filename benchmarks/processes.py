"""Time and memory of whole processes, as a user meets them."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.tables import Table, median, shared_photos

REPEATS = 5


def tables() -> Iterator[Table]:
    """Measure help, index (into a new store) and a first search."""
    with tempfile.TemporaryDirectory() as home:
        store = f"sqlite:///{home}/photos.db"
        _, peak = _run("index", str(shared_photos()), "--store", store)
        search = [_run("search", "zebra", "--store", store)[0] for _ in range(REPEATS)]
        vague = [_run("search", "breakfast", "--store", store)[0] for _ in range(REPEATS)]
    helped = [_run("--help")[0] for _ in range(REPEATS)]
    rows = [
        ("`magpie --help`", f"{median(helped):.2f} s", "0.5 s"),
        ("`magpie search zebra`, 1,200 photos", f"{median(search):.2f} s", "1.5 s"),
        ("`magpie search breakfast`, 1,200 photos", f"{median(vague):.2f} s", "1.5 s"),
        ("peak memory of `magpie index`, 1,200 photos", f"{peak / 1e9:.2f} GB", "1.5 GB"),
    ]
    notes = f"New processes, medians of {REPEATS}; memory is the largest resident set."
    yield Table("Processes", ("", "measured", "target"), rows, notes)


def _run(*words: str) -> tuple[float, int]:
    return measure([str(Path(sys.executable).with_name("magpie")), *words])


def measure(command: list[str], environment: Mapping[str, str] | None = None) -> tuple[float, int]:
    """Run a command; return its seconds, and the peak memory of its largest process in bytes.

    A small process starts it: Linux counts what a parent holds towards its child's peak, and
    earlier parts of the benchmark have loaded TensorFlow.
    """
    starter = [sys.executable, "-S", "-E", "-c", _STARTER, *command]
    done = subprocess.run(starter, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, (command, done.stderr)
    taken, peak = done.stdout.split()
    return float(taken), int(peak)


_STARTER = """
import os, subprocess, sys, time
began = time.perf_counter()
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
print(time.perf_counter() - began, usage.ru_maxrss * 1024)
process.returncode = os.waitstatus_to_exitcode(status)
sys.exit(process.returncode)
"""
