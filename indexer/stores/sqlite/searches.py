"""The log of searches of an SQLite store: one table, made with the first search."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from typing_extensions import override

from indexer.errors import NotFound
from indexer.queries import Searched, Wanted
from indexer.stores.log_protocols import SearchLog
from indexer.stores.sqlite.database import Database, as_json, has_table

# unfamiliar: a JSON list, or NULL where every word was known, so that its index stays small.
TABLES = (
    """
    CREATE TABLE IF NOT EXISTS searches (
        number INTEGER PRIMARY KEY, time TEXT NOT NULL, user TEXT NOT NULL, query TEXT NOT NULL,
        familiar INTEGER NOT NULL, unfamiliar TEXT, hits INTEGER NOT NULL,
        milliseconds REAL NOT NULL
    )
    """,
    """
    CREATE INDEX IF NOT EXISTS searches_unfamiliar ON searches (unfamiliar)
    WHERE unfamiliar IS NOT NULL
    """,
)
"""A store has none until something is searched for, so they are made where they are missing."""

ADD = "INSERT OR IGNORE INTO searches VALUES (?, ?, ?, ?, ?, ?, ?, ?)"

AFTER = "SELECT * FROM searches WHERE number > ? ORDER BY number LIMIT ?"

PAGE = 1000

WANTED = """
SELECT value, count(*) FROM searches, json_each(unfamiliar) WHERE unfamiliar IS NOT NULL
GROUP BY value ORDER BY count(*) DESC, value LIMIT ?
"""


class SqliteSearches(SearchLog):
    """The table `searches`."""

    def __init__(self, database: Database) -> None:
        """Read nothing yet."""
        self._database = database

    @override
    def append(self, searches: Iterable[Searched]) -> None:
        rows = [_row(one) for one in searches]
        with self._database.writing() as connection:
            for statement in TABLES:
                connection.execute(statement)
            connection.executemany(ADD, rows)

    @override
    def read(self) -> Iterator[Searched]:
        after = 0
        while rows := self._read(AFTER, after, PAGE):
            yield from map(to_searched, rows)
            after = rows[-1][0]

    @override
    def remove(self, numbers: Iterable[int]) -> None:
        with self._database.writing() as connection:
            if has_table(connection, "searches"):
                connection.execute("PRAGMA secure_delete = ON")
                query = "DELETE FROM searches WHERE number IN (SELECT value FROM json_each(?))"
                connection.execute(query, (as_json(numbers),))

    @override
    def count(self) -> int:
        rows = self._read("SELECT count(*) FROM searches")
        return int(rows[0][0]) if rows else 0

    @override
    def wanted(self, limit: int) -> list[Wanted]:
        return [Wanted(*row) for row in self._read(WANTED, limit)]

    def _read(self, query: str, *values: int) -> list[Any]:
        try:
            with self._database.reading() as connection:
                if not has_table(connection, "searches"):
                    return []
                return connection.execute(query, values).fetchall()
        except NotFound:
            return []


def _row(one: Searched) -> tuple[Any, ...]:
    unfamiliar = json.dumps(one.unfamiliar) if one.unfamiliar else None
    return (
        one.number or None, one.time, one.user, one.query, one.familiar, unfamiliar, one.hits,
        one.milliseconds,
    )  # fmt: skip


def to_searched(row: tuple[Any, ...]) -> Searched:
    """Return the search of a row of the table."""
    number, time, user, query, familiar, unfamiliar, hits, milliseconds = row
    words = tuple(json.loads(unfamiliar or "[]"))
    return Searched(time, user, query, bool(familiar), words, hits, milliseconds, number)
