"""The feedback log of an SQLite store: one table, made with the first event."""

import json
from collections.abc import Iterable, Iterator

from indexer.errors import NotFound
from indexer.events import from_document, to_document
from indexer.records import Event
from indexer.stores.sqlite_database import Database, has_table

TABLE = """
CREATE TABLE IF NOT EXISTS feedback (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, document TEXT NOT NULL
)
"""
"""Stores made before anything was taught have none, so it is made where it is missing."""

PAGE = 1000


class FeedbackTable:
    """An `EventLog` in the store's own file."""

    def __init__(self, database: Database) -> None:
        """Read nothing yet."""
        self._database = database

    def append(self, events: Iterable[Event]) -> None:
        """See `EventLog`; all or none, even when the power fails."""
        rows = [(event.id, json.dumps(to_document(event))) for event in events]
        with self._database.writing() as connection:
            connection.execute(TABLE)
            insert = "INSERT INTO feedback (id, document) VALUES (?, ?) ON CONFLICT DO NOTHING"
            connection.executemany(insert, rows)

    def read(self, after: int = 0) -> Iterator[Event]:
        """See `EventLog`."""
        while rows := self._page(after):
            yield from (from_document(json.loads(document), n) for n, document in rows)
            after = rows[-1][0]

    def state(self) -> int:
        """See `EventLog`."""
        try:
            with self._database.reading() as connection:
                if not has_table(connection, "feedback"):
                    return 0
                (last,) = connection.execute("SELECT max(number) FROM feedback").fetchone()
        except NotFound:
            return 0
        return int(last or 0)

    def _page(self, after: int) -> list[tuple[int, str]]:
        query = "SELECT number, document FROM feedback WHERE number > ? ORDER BY number LIMIT ?"
        try:
            with self._database.reading() as connection:
                if not has_table(connection, "feedback"):
                    return []
                return connection.execute(query, (after, PAGE)).fetchall()
        except NotFound:
            return []
