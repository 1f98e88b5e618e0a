"""Measure how good the answers are on ../shared/photos and write benchmarks/QUALITY.md.

`python -m benchmarks.quality` runs all parts, `python -m benchmarks.quality words` one of them; a
part is a module `quality_NAME` of this package with a function `tables()`, which may yield plots.
"""

import importlib
import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.tables import machine

PARTS = ("words", "teaching")
QUALITY = Path(__file__).with_name("QUALITY.md")


def main(parts: list[str]) -> None:
    """Run the named parts, all where none is named; only a full run writes the results."""
    unknown = set(parts) - set(PARTS)
    if unknown:
        sys.exit(f"unknown part {unknown.pop()!r}: use some of {', '.join(PARTS)}")
    today = datetime.now(UTC).date()
    pieces = [f"# Quality\n\n{today}, {machine()}. `make quality` runs all.\n"]
    for part in parts or PARTS:
        for piece in importlib.import_module(f"benchmarks.quality_{part}").tables():
            print(piece.markdown(), flush=True)
            pieces.append(piece.markdown())
    if not parts:
        QUALITY.write_text("\n".join(pieces), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
