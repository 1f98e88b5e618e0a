"""Measure how good the answers are on ../shared/photos and write benchmarks/QUALITY.md.

`python -m benchmarks.quality` runs all parts. `python -m benchmarks.quality words` runs one of them
and keeps what QUALITY.md says about the others.
"""

import sys
from pathlib import Path

from benchmarks.report import Report

PARTS = ("words", "looks", "teaching")
QUALITY = Report(
    Path(__file__).with_name("QUALITY.md"),
    "# Quality\n\n`make quality` measures everything again.",
    {part: f"benchmarks.quality_{part}" for part in PARTS},
)

if __name__ == "__main__":
    QUALITY.main(sys.argv[1:])
