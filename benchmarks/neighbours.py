"""The nearest of 100,000 vectors: Magpie's neighbour indexes and other libraries, side by side.

`python -m benchmarks neighbours` runs it. Libraries other than scikit-learn and Annoy are measured
if they are installed: `pip install '.[bench]'`.
"""

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.finders import Finder, Held, Ours, finders, installed, rows_of
from benchmarks.peers import BUILT_WITH, CONNECTED
from benchmarks.plots import Plot, curves
from benchmarks.synthetic import Real, vectors
from benchmarks.tables import Table, median, percentile, seconds
from indexer.records import Matrix

LIBRARY, DIMENSIONS = 100_000, 2048
COUNT = 50
QUERIES, ROUNDS = 100, 3
WARM_UP = 10
ENOUGH = 0.99

BUILDS, PATIENCE = 3, 15
"""An index is built this often, unless that takes more seconds than this."""

WANTED = {"**cells**": "recall .99, 2 ms, build 6 s"}


@dataclass(frozen=True, slots=True)
class Measurement:
    """Searches with one effort: recall, and the seconds of each search."""

    effort: int | None
    recall: float
    seconds: Sequence[float]


def tables() -> Iterator[Table | Plot]:
    """Measure every index: as it is used, then by how much it looks at."""
    rows = np.concatenate([*vectors(Real.read(), LIBRARY + QUERIES, DIMENSIONS)])
    queries, rows = rows[LIBRARY:].copy(), rows[:LIBRARY]
    true = np.argsort(-(queries @ rows.T), axis=1)[:, :COUNT]
    cells, shown = [], {}
    with tempfile.TemporaryDirectory() as folder:
        held = Held.of(rows, Path(folder))
        for finder in finders():
            if not installed(finder):
                cells.append((finder.name, *["not installed"] * 5, ""))
                continue
            build = _repeated(lambda finder=finder: finder.build(held))  # type: ignore[misc]
            searches = _searches(finder, queries, true)
            cells.append(_row(finder, build, searches[0]))
            curve = sorted(searches[1:] or searches, key=lambda one: one.recall)
            middles = [percentile(one.seconds, 0.5) * 1000 for one in curve]
            shown[finder.name.strip("*")] = (middles, [one.recall for one in curve])
    columns = ("index", f"recall@{COUNT}", "median", "p95", "build", "MB", "target")
    yield Table(f"The {COUNT} nearest of {LIBRARY:,} x {DIMENSIONS:,}", columns, cells, NOTES)
    yield Plot("neighbours", f"Recall@{COUNT} by ms a query", curves("ms a query", shown))


NOTES = (
    f"{QUERIES} queries that are not in the library, in one thread, {ROUNDS} times (once for "
    "indexes that compare all vectors); all vectors are from benchmarks/synthetic.py. Builds use "
    f"all cores; medians of {BUILDS} if they take less than {PATIENCE} s. MB is the size of the "
    f"index, on top of the vectors' {LIBRARY * DIMENSIONS * 4 / 1e6:.0f}. Magpie's indexes (bold) "
    "choose for themselves how much they look at, and return ids and cosines in float64. Annoy is "
    f"set up as in the original system. hnswlib, voyager and usearch have graphs of {CONNECTED} "
    f"links per vector, built by looking at {BUILT_WITH}, over vectors in float32. The graphs and "
    f"IVF look at as little as reaches a recall of {ENOUGH}."
)


def _searches(finder: Finder, queries: Matrix, true: Matrix) -> list[Measurement]:
    """Measure an index as it is used, then with each effort."""
    first = [] if finder.tuned else [None]
    asked = []
    for effort in (*first, *finder.efforts):
        if effort is not None:
            finder.look(effort)
        asked.append(_ask(finder, queries, true, effort))
    if not first:
        asked.insert(0, next((one for one in asked if one.recall >= ENOUGH), asked[-1]))
    return asked


def _ask(finder: Finder, queries: Matrix, true: Matrix, effort: int | None) -> Measurement:
    times = []
    with threadpool_limits(1):
        for query in queries[:WARM_UP]:
            finder.nearest(query, COUNT)
        for _ in range(ROUNDS if finder.efforts else 1):
            found = []
            for query in queries:
                began = time.perf_counter()
                near = finder.nearest(query, COUNT)
                times.append(time.perf_counter() - began)
                found.append(rows_of(near))
    hits = [np.isin(one, near).mean() for one, near in zip(true, found, strict=True)]
    return Measurement(effort, float(np.mean(hits)), times)


def _row(finder: Finder, build: float, asked: Measurement) -> tuple[str, ...]:
    name = finder.name
    if asked.effort is not None:
        name += f", looking at {asked.effort}"
    if isinstance(finder, Ours) and finder.efforts:
        name += f" ({finder.chosen()})"
    middle, slow = (f"{percentile(asked.seconds, share) * 1000:.2f} ms" for share in (0.5, 0.95))
    size = f"{finder.bytes() / 1e6:.0f}"
    wanted = WANTED.get(finder.name, "")
    return name, f"{asked.recall:.3f}", middle, slow, f"{build:.1f} s", size, wanted


def _repeated(work: Callable[[], object]) -> float:
    """Return the median of the seconds that some work takes."""
    times = [seconds(work)]
    while len(times) < BUILDS and sum(times) < PATIENCE:
        times.append(seconds(work))
    return median(times)


if __name__ == "__main__":
    for table in tables():
        print(table.markdown(), flush=True)
