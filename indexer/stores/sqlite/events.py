"""The log of what users taught to an SQLite store: tables that are made with the first event."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Protocol, cast

from typing_extensions import override

from indexer.errors import NotFound, StoreAway
from indexer.events import Event
from indexer.stores.event_checksums import BadEvent, Skipped, ignore
from indexer.stores.events import checked, to_document
from indexer.stores.log_protocols import EventLog
from indexer.stores.sqlite import event_rows
from indexer.stores.sqlite.database import Database, has_table
from indexer.stores.sqlite.erasing import overwrite, overwrite_copies
from indexer.stores.sqlite.event_backups import EventBackups
from indexer.stores.sqlite.event_lines import StoredLog
from indexer.stores.sqlite.event_rows import EventRow
from indexer.stores.sqlite.on_disk import EVENTS

TABLE = """
CREATE TABLE IF NOT EXISTS feedback (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, document TEXT NOT NULL
)
"""
"""A store has none until something is taught, so it is made where it is missing."""


class Page(Protocol):
    """Reads some rows."""

    def __call__(self, connection: sqlite3.Connection, after: int) -> list[EventRow]:
        """Return rows of higher numbers than `after`."""


class SqliteEvents(EventLog, StoredLog):
    """The table `feedback`, and `feedback_checksums` beside it."""

    def __init__(self, database: Database) -> None:
        """Read nothing yet."""
        self._database = database
        self.backups = EventBackups(Path(f"{database.path}{EVENTS}"))

    @override
    def append(self, events: Iterable[Event], restoring: bool = False) -> Mapping[str, int]:
        # All or none, even when the power fails.
        rows = [{"id": one.id, "document": json.dumps(to_document(one))} for one in checked(events)]
        try:
            written, last = self._append(rows, restoring, event_rows.add_checksums)
        except StoreAway as error:
            if getattr(error.__cause__, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_CORRUPT:
                raise
            # Damaged checksums must not keep events from being written.
            written, last = self._append(rows, False, event_rows.newest)
        if written:
            documents = [row["document"] for row in written]
            self.backups.add(documents, last, self, is_first=last == len(written))
        return {row["id"]: 0 for row in written}

    def _append(
        self,
        rows: list[dict[str, str]],
        restoring: bool,
        finish: Callable[[sqlite3.Connection], int],
    ) -> tuple[list[dict[str, str]], int]:
        with self._database.writing() as connection:
            connection.execute(TABLE)
            connection.execute(event_rows.TABLE)
            written = [row for row in rows if _write(connection, row, restoring)]
            return written, finish(connection)

    @override
    def read(self, after: int = 0, skipped: Skipped = ignore) -> Iterator[Event]:
        for row in self._rows(after):
            event = row.event()
            if isinstance(event, BadEvent):
                skipped(event)
            else:
                yield event

    @override
    def overwrite(self, events: Iterable[Event]) -> None:
        documents = {one.id: json.dumps(to_document(one)) for one in checked(events)}
        # Before the log, which where this fails still tells the next call what is to go.
        overwrite_copies(self.backups, documents)
        with self._database.writing() as connection:
            overwrite(connection, documents)
        overwrite_copies(self.backups, documents)  # one may have begun from the log meanwhile

    @override
    def verify(self) -> Iterator[str]:
        kept = self.backups.ids()  # first: of each event, the log has it before the copy
        ids = set()
        for row in self._rows(0):
            event = row.event()
            ids.add(event.id)
            if isinstance(event, BadEvent):
                yield f"{event}: {self._remedy()}"
        lost = len(kept - ids)
        if lost:
            yield (
                f"{lost} events are in {str(self.backups.newest())!r} and not in the log: "
                f"{self._remedy()}, or remove that folder if they belong to another library"
            )
        yield from self._read(event_rows.broken_links)

    @override
    def state(self) -> int:
        return sum(self._read(lambda connection: [event_rows.last_number(connection)]))

    @override
    def count(self) -> int:
        return self.state()  # numbers have no gaps, and none is used again

    def _remedy(self) -> str:
        newest = self.backups.newest()
        return f"restore it with `magpie import {str(newest)!r}`" if newest else "no backup has it"

    @override
    def texts(self) -> Iterator[EventRow]:
        return self._rows(0, event_rows.page_of_texts)

    @override
    def row(self, number: int) -> EventRow:
        (found,) = self._read(lambda connection: [event_rows.row(connection, number)])
        return cast(EventRow, found)

    def _rows(self, after: int, page: Page = event_rows.page) -> Iterator[EventRow]:
        while rows := self._read(partial(page, after=after)):
            yield from rows
            after = rows[-1].number

    def _read(self, query: Callable[[sqlite3.Connection], Iterable[Any]]) -> list[Any]:
        """Return what a query gives, nothing where nothing was ever taught."""
        found = None
        try:
            with self._database.reading() as connection:
                found = list(query(connection)) if has_table(connection, "feedback") else []
        except NotFound:
            return []
        except StoreAway as error:
            # At the end SQLite tells once more of damage that the query dealt with.
            if found is None or not isinstance(error.__cause__, sqlite3.DatabaseError):
                raise
        return found


def _write(connection: sqlite3.Connection, row: dict[str, str], restoring: bool) -> bool:
    """Add an event, or restore it; tell whether the log has something now that it lacked."""
    if restoring and event_rows.put_back(connection, **row):
        return True
    if event_rows.add(connection, **row):
        return True
    return event_rows.restore(connection, **row)
