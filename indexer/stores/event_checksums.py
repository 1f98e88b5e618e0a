"""What tells an event of a log that is as it was written from a damaged, missing or moved one."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

CHANGED = "it is not what was written"
MISSING = "it is missing, or that part of the file is damaged"


@dataclass(frozen=True, slots=True)
class BadEvent:
    """An event that a log cannot give back.

    Attributes:
        number: its place in the log, as `Event.number`.
        id: of the event; "" where that cannot be read either.
        reason: why it cannot be read.
    """

    number: int
    id: str
    reason: str

    @property
    def name(self) -> str:
        """What to call it in messages."""
        return self.id or f"number {self.number}"

    def __str__(self) -> str:
        return f"event {self.name} cannot be read ({self.reason})"


Skipped = Callable[[BadEvent], None]
"""Is told of each event that a reader leaves out."""


def ignore(_: BadEvent) -> None:
    """Leave an event out without a word, for those who only need the others."""


def checksum_of(document: bytes) -> str:
    """Return the SHA-256 of the text of a document, in hex."""
    return hashlib.sha256(document).hexdigest()


def canonical(document: Mapping[str, Any]) -> bytes:
    """Return one text for all texts of the same JSON document."""
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


def chained(before: str, checksum: str) -> str:
    """Return the link of a chain of checksums: it changes with each event before it."""
    return checksum_of(f"{before} {checksum}".encode())


def left_out(bad: Iterable[BadEvent]) -> str:
    """Say in one line which events a reader left out; "" for none."""
    names = [one.name for one in bad]
    if not names:
        return ""
    some = ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")
    what = "1 event" if len(names) == 1 else f"{len(names):,} events"
    return f"{what} of the log cannot be read and is left out ({some}): see `magpie verify`"
