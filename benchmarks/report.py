"""A Markdown file of results: each part is measured on its own and replaces its old results."""

import importlib
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.tables import machine

MARK = "<!-- part: {} -->\n"


@dataclass(frozen=True, slots=True)
class Report:
    """A file of results.

    Attributes:
        file: the Markdown file.
        head: its title and introduction.
        parts: name of each part, in the order of the file -> its module, whose function `tables()`
            yields objects with a method `markdown()`.
    """

    file: Path
    head: str
    parts: Mapping[str, str]

    def main(self, names: Sequence[str]) -> None:
        """Measure the named parts, or all if none is named; write each as soon as it is done."""
        unknown = set(names) - set(self.parts)
        if unknown:
            sys.exit(f"unknown part {unknown.pop()!r}: use some of {', '.join(self.parts)}")
        for name in names or self.parts:
            pieces = [f"{datetime.now(UTC).date()}, {machine()}.\n"]
            for piece in importlib.import_module(self.parts[name]).tables():
                print(piece.markdown(), flush=True)
                pieces.append(piece.markdown())
            self.save(name, "\n".join(pieces))

    def save(self, name: str, text: str) -> None:
        """Replace the results of one part in the file."""
        old = self.file.read_text("utf-8") if self.file.exists() else ""
        found = re.split(MARK.format("([a-z_]+)"), old)
        held = dict(zip(found[1::2], found[2::2], strict=True)) | {name: text.rstrip("\n") + "\n\n"}
        pieces = [MARK.format(part) + held[part] for part in self.parts if part in held]
        self.file.write_text(f"{self.head}\n\n{''.join(pieces)}".rstrip("\n") + "\n", "utf-8")
