"""The file records of an SQLite store."""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields

from typing_extensions import override

import mappings
from indexer.batches import batched
from indexer.records import File, LeftOut, LinksOut
from indexer.stores.photo_protocols import FileRecords
from indexer.stores.sqlite.database import BATCH, Database, as_json, has_table
from indexer.stores.sqlite.folder_numbers import SqliteNumbers
from indexer.stores.sqlite.row_checksums import add_columns, of_values

COLUMNS = tuple(field.name for field in fields(File))

ROOTS = "CREATE TABLE IF NOT EXISTS roots (folder TEXT PRIMARY KEY) WITHOUT ROWID"
"""Older stores have none, so it is made where it is missing."""


@dataclass
class SqliteFiles(FileRecords):
    """The table of files, and those of numbers by folder."""

    _database: Database

    def __post_init__(self) -> None:
        """Name the tables of numbers."""
        self.left_out = SqliteNumbers(self._database, "left_out", LeftOut)
        self.links_out = SqliteNumbers(self._database, "links_out", LinksOut)

    @override
    def read(self) -> Iterator[File]:
        with self._database.reading() as connection:
            columns = ", ".join(columns_there(connection))
        query = f"SELECT {columns} FROM files WHERE path > ? ORDER BY path"
        for rows in self._database.pages(query, BATCH):
            yield from (File(*row) for row in rows)

    @override
    def put(self, files: Iterable[File]) -> None:
        names, values = ", ".join((*COLUMNS, "checksum")), ", ".join("?" for _ in (*COLUMNS, 1))
        query = f"INSERT OR REPLACE INTO files ({names}) VALUES ({values})"
        for batch in batched(files, BATCH):
            rows = [tuple(getattr(file, name) for name in COLUMNS) for file in batch]
            with self._database.writing() as connection:
                _add_columns(connection)
                add_columns(connection)
                connection.executemany(query, [(*row, of_values(row)) for row in rows])

    @override
    def delete(self, paths: Iterable[str]) -> None:
        with self._database.writing() as connection:
            query = "DELETE FROM files WHERE path IN (SELECT value FROM json_each(?))"
            connection.execute(query, (as_json(paths),))

    @override
    def roots(self) -> list[str]:
        with self._database.reading() as connection:
            if not has_table(connection, "roots"):
                return []
            rows = connection.execute("SELECT folder FROM roots ORDER BY folder")
            return [folder for (folder,) in rows]

    @override
    def put_roots(self, folders: Iterable[str]) -> None:
        with self._database.writing() as connection:
            connection.execute(ROOTS)
            rows = [(folder,) for folder in folders]
            connection.executemany("INSERT OR IGNORE INTO roots VALUES (?)", rows)

    @override
    def delete_roots(self, folders: Iterable[str]) -> None:
        with self._database.writing() as connection:
            connection.execute(ROOTS)
            rows = [(folder,) for folder in folders]
            connection.executemany("DELETE FROM roots WHERE folder = ?", rows)


def columns_there(connection: sqlite3.Connection) -> list[str]:
    """Return those of `COLUMNS` that the table has; all that older stores lack come last."""
    there = {name for _, name, *_ in connection.execute("PRAGMA table_info(files)")}
    return [name for name in COLUMNS if name in there]


def _add_columns(connection: sqlite3.Connection) -> None:
    """Let the table of an older store have today's columns, which older Magpies would lose."""
    missing = COLUMNS[len(columns_there(connection)) :]
    for name in missing:
        connection.execute(f"ALTER TABLE files ADD COLUMN {name}")
    if missing:
        query = "UPDATE info SET files_mapping = ?"
        connection.execute(query, (mappings.version("files"),))
