"""Run benchmarks side by side and write benchmarks/RESULTS.md.

`python -m benchmarks` runs all parts, `python -m benchmarks indexing processes` some of them;
a part is a module of this package with a function `tables()`.
"""

import importlib
import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.tables import machine

PARTS = ("indexing", "processes", "parity", "elasticsearch", "serving", "page")
RESULTS = Path(__file__).with_name("RESULTS.md")


def main(parts: list[str]) -> None:
    """Run the named parts, all where none is named; only a full run writes the results."""
    unknown = set(parts) - set(PARTS)
    if unknown:
        sys.exit(f"unknown part {unknown.pop()!r}: use some of {', '.join(PARTS)}")
    today = datetime.now(UTC).date()
    pieces = [f"# Benchmarks\n\n{today}, {machine()}. `make bench` runs all.\n"]
    for part in parts or PARTS:
        for table in importlib.import_module(f"benchmarks.{part}").tables():
            print(table.markdown(), flush=True)
            pieces.append(table.markdown())
            if not parts:  # after each table: a part that fails loses no other
                RESULTS.write_text("\n".join(pieces), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
