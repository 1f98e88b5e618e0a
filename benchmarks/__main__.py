"""Run benchmarks side by side and write benchmarks/RESULTS.md.

`python -m benchmarks` runs all parts. `python -m benchmarks indexing processes` runs some of them
and keeps what RESULTS.md says about the others.
"""

import sys
from pathlib import Path

from benchmarks.report import Report

PARTS = (
    *("indexing", "joint", "real_sizes", "thumbnails", "processes", "parity"),
    *("elasticsearch", "hypernyms", "settings", "serving", "page"),
    *("neighbours", "lists", "sizes", "folders", "million", "reindex", "copy", "previews", "soak"),
)
RESULTS = Report(
    Path(__file__).with_name("RESULTS.md"),
    "# Benchmarks\n\n`make bench` measures everything again.",
    {part: f"benchmarks.{part}" for part in PARTS},
)

if __name__ == "__main__":
    RESULTS.main(sys.argv[1:])
