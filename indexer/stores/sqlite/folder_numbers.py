"""Numbers by folder in an SQLite store: a table for each kind, made when it is first written to."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from typing_extensions import override

from indexer.stores.folder_numbers import AddedUp, FolderNumbers, N
from indexer.stores.sqlite.database import Database, has_table

TABLE = """
CREATE TABLE IF NOT EXISTS {table} (
    folder TEXT NOT NULL, {thing} TEXT NOT NULL, {number} INTEGER NOT NULL,
    PRIMARY KEY (folder, {thing})
) WITHOUT ROWID
"""

TOTALS = "SELECT coalesce(sum({number}), 0), count(DISTINCT {thing}) FROM {table}"

MOST = """
SELECT {thing}, sum({number}) FROM {table} GROUP BY {thing}
ORDER BY sum({number}) DESC, {thing} LIMIT {most}
"""

ALL = -1
"""As SQLite's LIMIT."""


@dataclass(frozen=True)
class SqliteNumbers(FolderNumbers[N]):
    """The numbers of one table.

    Attributes:
        database: it lies in.
        table: its name.
        record: a row; the columns are called as its fields.
    """

    database: Database
    table: str
    record: type[N]

    @override
    def read(self) -> list[N]:
        with self.database.reading() as connection:
            if not has_table(connection, self.table):
                return []
            rows = connection.execute(f"SELECT * FROM {self.table} ORDER BY 1, 2")
            return [self.record(*row) for row in rows]

    @override
    def put(self, numbers: Iterable[N]) -> None:
        rows = list(numbers)
        if not rows:
            return
        with self.database.writing() as connection:
            connection.execute(self._filled(TABLE))
            query = self._filled("INSERT OR REPLACE INTO {table} VALUES (?, ?, ?)")
            connection.executemany(query, rows)
            connection.execute(self._filled("DELETE FROM {table} WHERE {number} = 0"))

    def added_up(self, connection: sqlite3.Connection, most: int = ALL) -> AddedUp:
        """Add the numbers of all folders up, and name `most` things at most."""
        if not has_table(connection, self.table):
            return AddedUp(0, 0, {})
        total, kinds = connection.execute(self._filled(TOTALS)).fetchone()
        return AddedUp(total, kinds, dict(connection.execute(self._filled(MOST, most))))

    def _filled(self, query: str, most: int = ALL) -> str:
        _, thing, number = self.record._fields
        return query.format(table=self.table, thing=thing, number=number, most=most)
