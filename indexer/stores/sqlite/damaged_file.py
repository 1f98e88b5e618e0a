"""Read what is left of an SQLite store that is damaged or cut short; nothing is written to it."""

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import fields
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np

from indexer.errors import BadValue, Damaged
from indexer.events import Event
from indexer.queries import Searched
from indexer.records import File, Photo, StoreInfo
from indexer.stores.event_checksums import MISSING, BadEvent, Skipped, checksum_of
from indexer.stores.events import to_document
from indexer.stores.folder_numbers import N
from indexer.stores.logged_events import from_log
from indexer.stores.sqlite import event_rows
from indexer.stores.sqlite.carving import Row, carve
from indexer.stores.sqlite.connections import how_to_read
from indexer.stores.sqlite.event_backups import EventBackups
from indexer.stores.sqlite.files import COLUMNS
from indexer.stores.sqlite.labels.numbers import LabelNumbers
from indexer.stores.sqlite.layout import layout_of
from indexer.stores.sqlite.on_disk import in_use
from indexer.stores.sqlite.row_checksums import selected
from indexer.stores.sqlite.rows import PHOTO, decode_photo
from indexer.stores.sqlite.searches import to_searched

NOTHING = (
    "{place} is damaged where it says what it is ({error}): put a copy of it back, or index again "
    "and `magpie import` the newest file of {place}.events, if there is one"
)

NORM_SLACK = 1e-2

HEX = re.compile("[0-9a-f]{64}")

MOST_TRIES = 1_000_000
"""Ranges of numbers that are asked for; a damaged number may be as high as 2 ** 63."""


class DamagedFile:
    """An SQLite store of which some pages cannot be read, or hold something else."""

    def __init__(self, path: Path) -> None:
        """Open the file that a store's name stands for."""
        self._path = path
        self._backups = EventBackups(Path(f"{path}.events"))
        uri = f"file:{quote(str(in_use(path)))}?{how_to_read(path)}"
        self._connection = sqlite3.connect(uri, uri=True, isolation_level=None)
        # Otherwise SQLite reads nothing of a file that is shorter than it says.
        self._connection.execute("PRAGMA writable_schema = ON")

    def close(self) -> None:
        """Release the file."""
        self._connection.close()

    def info(self) -> StoreInfo:
        """Return what made the store.

        Raises:
            BadValue: that is damaged, so that nothing can be made of the rest.
        """
        try:
            found = self._connection.execute("SELECT * FROM info")
            row = dict(zip((name for name, *_ in found.description), found.fetchone(), strict=True))
            kept = {field.name: row[field.name] for field in fields(StoreInfo) if field.name in row}
            return StoreInfo(**kept)
        except (sqlite3.DatabaseError, TypeError, ValueError) as error:
            raise BadValue(NOTHING.format(place=self._path, error=error)) from error

    def events(self, skipped: Skipped) -> Iterator[Event]:
        """Yield the events that are as they were written, wherever they are found, each once.

        From the table, then from whatever page has one, then from the copies beside the store.
        """
        found: set[str] = set()
        bad: dict[int, BadEvent] = {}
        carved = [row for row in carve(in_use(self._path)) if len(row.values) == 3]
        numbers = {str(row.values[1]): row.rowid for row in carved if _is_checksum(row)}
        there = {0}
        for event in chain(
            self._events_of_table(bad), _read_carved(carved, numbers), self._backups.events()
        ):
            if event.id not in found:
                found.add(event.id)
                text = json.dumps(to_document(event))  # as it was written
                there |= {event.number, numbers.get(checksum_of(text.encode()), 0)}
                yield event
        last = max({*there, *bad, *numbers.values()})  # numbers have no gaps
        for number in set(range(last + 1)) - there:
            one = bad.get(number, BadEvent(number, "", MISSING))
            if one.id not in found:
                skipped(one)

    def _events_of_table(self, bad: dict[int, BadEvent]) -> Iterator[Event]:
        after = 0
        while rows := self._all(partial(event_rows.page, self._connection, after)):
            for event in (row.event() for row in rows):
                if isinstance(event, Event):
                    yield event
                else:
                    bad[event.number] = event
            after = rows[-1].number

    def photos(self, info: StoreInfo) -> Iterator[Photo]:
        """Yield the photos that are whole, each once."""
        labels = self._labels()
        query = PHOTO.replace("SELECT id,", "SELECT photos.key, id,") + "photos.key"
        with suppress(sqlite3.DatabaseError):
            query = selected(self._connection, query)
        seen = set()
        for row in self._rows(query, self._last(("photos", "key"), ("vectors", "key"))):
            with suppress(Damaged, ValueError, TypeError, ArithmeticError):
                photo = decode_photo(row[1:], labels)
                if photo.id not in seen and _is_whole(photo, info):
                    seen.add(photo.id)
                    yield photo

    def files(self) -> Iterator[File]:
        """Yield the records of files from both ends of their table, up to where it is damaged."""
        there = {row[1] for row in self._all(lambda: self._query("PRAGMA table_info(files)"))}
        names = [name for name in COLUMNS if name in there]
        seen = set()
        for order in ("ASC", "DESC"):
            query = f"SELECT {', '.join(names)} FROM files ORDER BY path {order}"
            for row in self._until_damage(query):
                if row[0] not in seen and isinstance(row[0], str):
                    seen.add(row[0])
                    yield File(*row)

    def searches(self) -> Iterator[Searched]:
        """Yield the searches that can be read, in order of number."""
        query = "SELECT * FROM searches WHERE number"
        for row in self._rows(query, self._last(("searches", "number"))):
            with suppress(ValueError, TypeError):
                yield to_searched(row)

    def numbers(self, table: str, record: type[N]) -> list[N]:
        """Return numbers by folder."""
        query = f"SELECT {', '.join(record._fields)} FROM {table}"
        return [record(*row) for row in self._until_damage(query)]

    def roots(self) -> list[str]:
        """Return the folders that runs were given."""
        return [str(row[0]) for row in self._until_damage("SELECT folder FROM roots")]

    def _labels(self) -> LabelNumbers:
        """Return the numbers of labels; "" stands for those that cannot be read."""
        rows = self._rows("SELECT number, wnid FROM labels WHERE number", 2**16)
        known = {number: wnid for number, wnid in rows if isinstance(wnid, str)}
        wnids = [known.get(number, "") for number in range(max(known, default=-1) + 1)]
        return LabelNumbers("", wnids, {}, layout_of(self._connection))

    def _last(self, *columns: tuple[str, str]) -> int:
        """Return the highest number that any of some columns, or SQLite's own count, has."""
        known = [0]
        for table, column in columns:
            for query in (
                f"SELECT max({column}) FROM {table}",
                f"SELECT seq FROM sqlite_sequence WHERE name = '{table}'",
            ):
                row = next(iter(self._until_damage(query)), (0,))
                known.append(row[0] if isinstance(row[0], int) else 0)
        return max(known)

    def _rows(self, query: str, last: int) -> Iterator[Any]:
        """Yield all rows that can be read, around those that cannot.

        Args:
            query: ends with the name of a whole number, which is the first of its columns.
            last: the highest number there may be.
        """
        ranges, tries = [(0, last)], MOST_TRIES
        while ranges and tries:
            low, high = ranges.pop()
            tries -= 1
            try:
                for row in self._query(f"{query} BETWEEN ? AND ? ORDER BY 1", low, high):
                    yield row
                    low = max(low, row[0] + 1)  # damaged pages may have them in any order
            except sqlite3.DatabaseError:
                middle = (low + high) // 2
                if low < high:
                    ranges += [(middle + 1, high), (low, middle)]

    def _until_damage(self, query: str) -> Iterator[Any]:
        with suppress(sqlite3.DatabaseError):
            yield from self._query(query)

    def _query(self, query: str, *values: int) -> Iterable[Any]:
        return self._connection.execute(query, values)

    def _all(self, query: Any) -> list[Any]:
        try:
            return list(query())
        except sqlite3.DatabaseError:  # the table is not there, or its first page is damaged
            return []


def _is_whole(photo: Photo, info: StoreInfo) -> bool:
    """Whether a photo can be what was stored: what is not is described again by the next run."""
    length = float(np.linalg.norm(np.asarray(photo.vector, np.float64)))
    probabilities = [label.probability for label in photo.labels]
    return (
        photo.vector.shape == (info.dimensions,)
        and abs(length - 1) < NORM_SLACK
        and all(label.wnid for label in photo.labels)
        and all(0 < one <= 1 for one in probabilities)
        and probabilities == sorted(probabilities, reverse=True)
        and bool(json.dumps([photo.id, photo.paths]).encode())
    )


def _read_carved(rows: Iterable[Row], checksums: Mapping[str, int]) -> Iterator[Event]:
    """Yield events of pages that perhaps nothing leads to, if their checksums are on some page."""
    for row in rows:
        text = row.values[2]
        if not isinstance(text, str) or _is_checksum(row):
            continue
        if checksums and checksum_of(text.encode()) not in checksums:
            continue
        with suppress(ValueError, TypeError, AttributeError, RecursionError):
            yield from_log(json.loads(text), row.rowid)


def _is_checksum(row: Row) -> bool:
    texts = [one for one in row.values[1:] if isinstance(one, str)]
    return len(texts) == 2 and all(HEX.fullmatch(one) for one in texts)
