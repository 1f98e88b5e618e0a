"""The log of what users taught to an SQLite store: one table, made with the first event."""

import json
from collections.abc import Iterable, Iterator

from typing_extensions import override

from indexer.errors import NotFound
from indexer.records import Event
from indexer.stores.events import from_document, to_document
from indexer.stores.protocols import EventLog
from indexer.stores.sqlite.database import Database, has_table

TABLE = """
CREATE TABLE IF NOT EXISTS feedback (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, document TEXT NOT NULL
)
"""
"""A store has none until something is taught, so it is made where it is missing."""

# Not ON CONFLICT, which uses up a number for what it does not insert: the log would have gaps.
ADD = """
INSERT INTO feedback (id, document) SELECT :id, :document
WHERE NOT EXISTS (SELECT 1 FROM feedback WHERE id = :id)
"""

PAGE = 1000


class SqliteEvents(EventLog):
    """The table `feedback`."""

    def __init__(self, database: Database) -> None:
        """Read nothing yet."""
        self._database = database

    @override
    def append(self, events: Iterable[Event]) -> None:
        # All or none, even when the power fails.
        rows = [{"id": one.id, "document": json.dumps(to_document(one))} for one in events]
        with self._database.writing() as connection:
            connection.execute(TABLE)
            connection.executemany(ADD, rows)

    @override
    def read(self, after: int = 0) -> Iterator[Event]:
        while rows := self._page(after):
            yield from (from_document(json.loads(document), n) for n, document in rows)
            after = rows[-1][0]

    @override
    def state(self) -> int:
        return self._number("max(number)")

    @override
    def count(self) -> int:
        return self._number("count(*)")

    def _number(self, expression: str) -> int:
        try:
            with self._database.reading() as connection:
                if not has_table(connection, "feedback"):
                    return 0
                (number,) = connection.execute(f"SELECT {expression} FROM feedback").fetchone()
        except NotFound:
            return 0
        return int(number or 0)

    def _page(self, after: int) -> list[tuple[int, str]]:
        query = "SELECT number, document FROM feedback WHERE number > ? ORDER BY number LIMIT ?"
        try:
            with self._database.reading() as connection:
                if not has_table(connection, "feedback"):
                    return []
                return connection.execute(query, (after, PAGE)).fetchall()
        except NotFound:
            return []
