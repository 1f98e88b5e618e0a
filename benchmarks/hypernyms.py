"""Words and clicks on Elasticsearch, beside an older build: what broader terms cost on a server.

`python -m benchmarks hypernyms` runs it with OLDER=checkout; `python -m benchmarks.hypernyms 20000`
measures fewer documents. Both builds write the same synthetic photos, each as its own documents,
to one server of each version, and are asked in turn.
"""

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.older import Build, builds, in_turn
from benchmarks.servers import node
from benchmarks.tables import Table, median

DOCUMENTS = 100_000
VERSIONS = ("8.19", "9.5")
ROUNDS = 3

WRITE = """
import sys
from benchmarks.libraries import Library
from benchmarks.million import with_documents
with_documents(Library.open(int(sys.argv[1])).build(), sys.argv[2])
"""

ASK = """
import json, sys
from benchmarks.million_queries import text
from benchmarks.tables import percentile, seconds
from search.library import Choices, open_library

CLICKS, WARM_UP = 60, 10

def click(library, number, hits):
    library.feedback("dog", [hits[number % len(hits)].id])
    library.search("dog")

times = text(sys.argv[1])["times"]
with open_library(sys.argv[1], Choices(search_log=False)) as library:
    hits = library.search("dog", limit=CLICKS + WARM_UP).hits
    took = [seconds(lambda: click(library, n, hits)) for n in range(CLICKS + WARM_UP)][WARM_UP:]
    spread = percentile(took, 0.5), percentile(took, 0.95)
    times["a click on a photo of dog, and the new ranking"] = spread
    library.forget("dog")
print(json.dumps(times))
"""

Times = dict[str, tuple[float, float]]


def tables(documents: int = DOCUMENTS) -> Iterator[Table]:
    """Measure both builds on each version."""
    rows = [row for version in VERSIONS for row in _rows(version, documents)]
    notes = (
        f"{documents:,} synthetic photos (benchmarks/synthetic.py), one node with 1 GB on the same "
        "machine. Median / p95 in ms of 200 answers of 20 hits with their reasons in a process "
        f"that is warmed up, and of 60 clicks; medians of {ROUNDS} rounds in which the builds take "
        "turns. Targets: 95 to 120 labels 4 times as fast as before, 401 labels 8 times, one label "
        "1.5 times; a click p95 60 ms."
    )
    names = [build.name for build in builds()]
    yield Table(
        "Words on Elasticsearch", ("version", "", *names, "p95, times as fast"), rows, notes
    )


def _rows(version: str, documents: int) -> Iterator[tuple[str, ...]]:
    with tempfile.TemporaryDirectory() as folder, node(Path(folder), version=version) as (url, _):
        measured = in_turn(lambda build: _asked(build, url, documents), ROUNDS)
    for kind in next(iter(measured.values()))[0]:
        spreads = [
            tuple(1000 * median(one[kind][at] for one in rounds) for at in (0, 1))
            for rounds in measured.values()
        ]
        now, *before = (p95 for _, p95 in spreads)
        cells = (f"{middle:.1f} / {p95:.1f}" for middle, p95 in spreads)
        yield version, kind, *cells, f"{before[0] / now:.1f}" if before else ""


def _asked(build: Build, url: str, documents: int) -> Times:
    store = f"{url}/{build.name}"
    build.python(WRITE, str(documents), store)  # nothing where it is written
    times: Times = json.loads(build.python(ASK, store).splitlines()[-1])
    return times


if __name__ == "__main__":
    for table in tables(*map(int, sys.argv[1:])):
        print(table.markdown(), flush=True)
