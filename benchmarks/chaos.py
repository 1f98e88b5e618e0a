"""Kill Elasticsearch again and again while people click, index, reindex and copy: is anything lost?

`make chaos` kills 8.19 and 9.5 thirty times each, KILLS=3 three times. Three Magpies teach two
libraries, each with its own clicks; a fourth one adds photos to the first; a fifth one indexes
files into the second and describes it by two networks in turn; a sixth one copies a third library.
All keep what they were told is written. At the end that is compared with what the libraries have.

Then one of two nodes is killed a third as often, and the server takes no writes for a while, as
where its disk is nearly full, a tenth as often; each at least once.
"""

import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks.chaos_recount import Recount
from benchmarks.chaos_ways import WAYS
from benchmarks.tables import Table

KILLS = 30
VERSIONS = ("8.19", "9.5")


def tables(kills: int = KILLS) -> Iterator[Table]:
    """Let servers of each version die in each way, and say what came of it."""
    rows = []
    for version in VERSIONS:
        for way, (happen, share) in WAYS.items():
            with tempfile.TemporaryDirectory() as folder:
                os.environ["MAGPIE_CACHE"] = f"{folder}/cache"
                found = happen(Path(folder), max(1, kills // share), version)
            rows.append((version, way, *_cells(found)))
            print(" | ".join(rows[-1]), file=sys.stderr, flush=True)
            for line, times in Counter(found.wrong).most_common(5):
                print(f"{version}, {way}: {times} x {line}", file=sys.stderr, flush=True)
    columns = (
        *("Elasticsearch", "what", "times", "under reindex", "under copy", "events", "photos"),
        *("reindexes", "copies", "lost", "doubled", "votes wrong", "lines of verify", "errors"),
        "refused",
    )
    notes = (
        "Three Magpies click, one adds photos, one indexes and reindexes, one copies, while the "
        "server is killed (SIGKILL) and started again, one of two nodes is, or the disk is nearly "
        "full for a while. Events and photos are those whose writers were told that they are "
        "written; reindexes and copies those that came to their end, and were compared photo by "
        "photo; refused is how often a writer met no server, or one that takes no writes, and "
        "went on."
    )
    yield Table("A server that dies", columns, rows, notes)


def _cells(found: Recount) -> tuple[str, ...]:
    reindex = sum(found.under.get(step, 0) for step in ("index", "reindex", "drop old"))
    numbers = (
        *(found.deaths, reindex, found.under.get("copy", 0), found.events, found.photos),
        *(found.reindexes, found.copies, len(found.lost), found.doubled, found.wrong_votes),
        *(len(found.told), len(found.wrong), found.refused),
    )
    return tuple(f"{number:,}" for number in numbers)


if __name__ == "__main__":
    for table in tables(int(sys.argv[1]) if sys.argv[1:] else KILLS):
        print(table.markdown(), flush=True)
