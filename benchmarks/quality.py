"""Measure how good the answers are on ../shared/photos and write benchmarks/QUALITY.md.

`python -m benchmarks.quality` runs all parts, `python -m benchmarks.quality words` one of them and
keeps what QUALITY.md says of the others; a part is a module `quality_NAME` of this package with a
function `tables()`, which may yield plots.
"""

import importlib
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.tables import machine

PARTS = ("words", "teaching")
QUALITY = Path(__file__).with_name("QUALITY.md")
MARK = "<!-- part: {} -->\n"


def main(parts: list[str]) -> None:
    """Run the named parts, all where none is named, and write their results."""
    unknown = set(parts) - set(PARTS)
    if unknown:
        sys.exit(f"unknown part {unknown.pop()!r}: use some of {', '.join(PARTS)}")
    for part in parts or PARTS:
        pieces = [f"{datetime.now(UTC).date()}, {machine()}.\n"]
        for piece in importlib.import_module(f"benchmarks.quality_{part}").tables():
            print(piece.markdown(), flush=True)
            pieces.append(piece.markdown())
        save(part, "\n".join(pieces))


def save(part: str, text: str) -> None:
    """Put the results of one part into the file."""
    old = QUALITY.read_text("utf-8") if QUALITY.exists() else ""
    found = re.split(MARK.format("([a-z]+)"), old)
    held = dict(zip(found[1::2], found[2::2], strict=True)) | {part: text.rstrip("\n") + "\n\n"}
    pieces = [MARK.format(name) + held[name] for name in PARTS if name in held]
    head = "# Quality\n\n`make quality` measures all of it again.\n\n"
    QUALITY.write_text((head + "".join(pieces)).rstrip("\n") + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
