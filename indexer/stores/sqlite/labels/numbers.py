"""The number of each label in an SQLite store, and the labels of a photo as bytes."""

import sqlite3
import struct
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Self

import numpy as np

from indexer.records import Label
from indexer.stores.sqlite.labels.names import read_wnids
from indexer.stores.sqlite.layout import (
    NOW,
    NumberLayout,
    from_upper,
    layout_of,
    probabilities_of,
    to_upper,
)
from indexer.stores.sqlite.row_checksums import is_photos, of_values


@dataclass(frozen=True, slots=True)
class LabelNumbers:
    """The number of each label, which is its column, as the table of the file `token` has it.

    `layout` is that of the file.
    """

    token: str = ""
    wnids: list[str] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    layout: NumberLayout = NOW

    @classmethod
    def read(cls, connection: sqlite3.Connection) -> Self:
        """Read all of them, a few thousand at most."""
        wnids = read_wnids(connection)
        (token,) = connection.execute("SELECT token FROM info").fetchone()
        numbers = {wnid: number for number, wnid in enumerate(wnids)}
        return cls(token, wnids, numbers, layout_of(connection))

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
        """Return an array of `NumberLayout.label` as bytes; labels not seen before get a number."""
        for wnid in wnids:
            if wnid not in self.numbers:
                self._add(wnid, connection)
        entries = np.empty(len(wnids), self.layout.label)
        entries["number"] = np.array([self.numbers[wnid] for wnid in wnids], np.uint16)
        if self.layout == NOW:
            entries["half"] = to_upper(np.array(probabilities, np.float32))
        else:
            entries["probability"] = probabilities
        return entries.tobytes()

    def extend(self, others: Self, connection: sqlite3.Connection) -> None:
        """Give all labels of another file, which begins with those of this one, its numbers."""
        for wnid in others.wnids[len(self.wnids) :]:
            self._add(wnid, connection)

    def _add(self, wnid: str, connection: sqlite3.Connection) -> None:
        number = len(self.wnids)
        connection.execute(
            "INSERT INTO labels (number, wnid, checksum) VALUES (?, ?, ?)",
            (number, wnid, of_values((number, wnid))),
        )
        self.numbers[wnid] = number
        self.wnids.append(wnid)

    def are_sound(self, id: str, entries: bytes, checksum: int | None) -> bool:
        """Tell whether the labels of a photo are what was written, as far as is known."""
        if not is_photos(id, entries, checksum):
            return False
        if checksum is not None:
            return True
        if len(entries) % self.layout.label.itemsize:
            return False
        numbers = np.frombuffer(entries, self.layout.label)["number"]
        return int(numbers.max(initial=0)) < max(1, len(self.wnids))

    def decode(self, entries: bytes) -> tuple[Label, ...]:
        """Return the labels in the order that was stored."""
        # For 50 labels struct is faster than numpy.
        kind = "HH" if self.layout == NOW else "Hf"
        flat = struct.unpack("<" + kind * (len(entries) // self.layout.label.itemsize), entries)
        wnids, probabilities = map(self.wnids.__getitem__, flat[::2]), flat[1::2]
        if self.layout == NOW:
            probabilities = tuple(map(_all_numbers().__getitem__, probabilities))
        return tuple(map(Label._make, zip(wnids, probabilities, strict=True)))

    def pick(self, photos: Sequence[bytes], wanted: Collection[str]) -> list[dict[str, float]]:
        """Return {wnid: probability} for each of many photos, with the wanted labels only."""
        numbers = [self.numbers[wnid] for wnid in wanted if wnid in self.numbers]
        is_wanted = np.zeros(len(self.wnids), bool)
        is_wanted[numbers] = True
        entries = np.frombuffer(b"".join(photos), self.layout.label)
        kept = np.flatnonzero(is_wanted[entries["number"]])
        lengths = [len(photo) // self.layout.label.itemsize for photo in photos]
        owners = np.repeat(np.arange(len(photos)), lengths)[kept]
        picked: list[dict[str, float]] = [{} for _ in photos]
        found = entries[kept]
        for owner, number, probability in zip(
            owners.tolist(),
            found["number"].tolist(),
            probabilities_of(found).tolist(),
            strict=True,
        ):
            picked[owner][self.wnids[number]] = probability
        return picked


@cache
def _all_numbers() -> list[float]:
    """Every number that `to_upper` can be given, by what it returns."""
    numbers: list[float] = from_upper(np.arange(2**16, dtype=np.uint16)).tolist()
    return numbers


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
