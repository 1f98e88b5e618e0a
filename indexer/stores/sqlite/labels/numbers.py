"""The number of each label in an SQLite store, and the labels of a photo as bytes."""

import sqlite3
import struct
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from indexer.records import Label
from indexer.stores.sqlite.labels.matrix import ENTRY


@dataclass(frozen=True, slots=True)
class LabelNumbers:
    """The number of each label, which is its column, as the table of the file `token` has it."""

    token: str = ""
    wnids: list[str] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)

    @classmethod
    def read(cls, connection: sqlite3.Connection) -> Self:
        """Read all of them, a few thousand at most."""
        rows = connection.execute("SELECT wnid FROM labels ORDER BY number")
        wnids = [wnid for (wnid,) in rows]
        (token,) = connection.execute("SELECT token FROM info").fetchone()
        return cls(token, wnids, {wnid: number for number, wnid in enumerate(wnids)})

    def is_current(self, connection: sqlite3.Connection) -> bool:
        """Whether no label was added since, to the same file: labels are never removed."""
        token, last = connection.execute(
            "SELECT token, (SELECT max(number) FROM labels) FROM info"
        ).fetchone()
        return token == self.token and len(self.wnids) == (0 if last is None else last + 1)

    def encode(
        self,
        wnids: Sequence[str],
        probabilities: Sequence[float],
        connection: sqlite3.Connection,
    ) -> bytes:
        """Return an array of `ENTRY` as bytes; labels not seen before get a number."""
        for wnid in wnids:
            if wnid not in self.numbers:
                number = len(self.wnids)
                connection.execute("INSERT INTO labels VALUES (?, ?)", (number, wnid))
                self.numbers[wnid] = number
                self.wnids.append(wnid)
        entries = np.empty(len(wnids), ENTRY)
        entries["number"] = np.array([self.numbers[wnid] for wnid in wnids], ENTRY["number"])
        entries["probability"] = probabilities
        return entries.tobytes()

    def decode(self, entries: bytes) -> tuple[Label, ...]:
        """Return the labels in the order that was stored."""
        # For 50 labels struct is faster than numpy.
        flat = struct.unpack("<" + "Hf" * (len(entries) // ENTRY.itemsize), entries)
        wnids = map(self.wnids.__getitem__, flat[::2])
        return tuple(map(Label._make, zip(wnids, flat[1::2], strict=True)))

    def pick(self, photos: Sequence[bytes], wanted: Collection[str]) -> list[dict[str, float]]:
        """Return {wnid: probability} for each of many photos, with the wanted labels only."""
        numbers = [self.numbers[wnid] for wnid in wanted if wnid in self.numbers]
        is_wanted = np.zeros(len(self.wnids), bool)
        is_wanted[numbers] = True
        entries = np.frombuffer(b"".join(photos), ENTRY)
        kept = np.flatnonzero(is_wanted[entries["number"]])
        lengths = [len(photo) // ENTRY.itemsize for photo in photos]
        owners = np.repeat(np.arange(len(photos)), lengths)[kept]
        picked: list[dict[str, float]] = [{} for _ in photos]
        for owner, (number, probability) in zip(
            owners.tolist(), entries[kept].tolist(), strict=True
        ):
            picked[owner][self.wnids[number]] = probability
        return picked


class KnownNumbers:
    """Keeps the numbers that were read last. One object serves all threads."""

    def __init__(self) -> None:
        """Read nothing yet."""
        self._last = LabelNumbers()

    def current(self, connection: sqlite3.Connection) -> LabelNumbers:
        """Return the numbers, read again only where labels were added since."""
        numbers = self._last
        if not numbers.is_current(connection):
            numbers = self._last = LabelNumbers.read(connection)
        return numbers
