"""The file records of an SQLite store."""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields

from typing_extensions import override

import mappings
from indexer.batches import batched
from indexer.records import MOST_FOLDERS, File, LeftOut, LinkCounts, LinksOut
from indexer.stores.photo_protocols import FileRecords
from indexer.stores.sqlite.database import BATCH, Database, as_json, has_table
from indexer.stores.sqlite.row_checksums import add_columns, of_values

COLUMNS = tuple(field.name for field in fields(File))

LEFT_OUT = """
CREATE TABLE IF NOT EXISTS left_out (
    folder TEXT NOT NULL, ending TEXT NOT NULL, files INTEGER NOT NULL,
    PRIMARY KEY (folder, ending)
) WITHOUT ROWID
"""
"""Older stores have none, so it is made where it is missing."""

LINKS_OUT = """
CREATE TABLE IF NOT EXISTS links_out (
    folder TEXT NOT NULL, leads_to TEXT NOT NULL, links INTEGER NOT NULL,
    PRIMARY KEY (folder, leads_to)
) WITHOUT ROWID
"""
"""As the one before."""

ROOTS = "CREATE TABLE IF NOT EXISTS roots (folder TEXT PRIMARY KEY) WITHOUT ROWID"
"""Older stores have none, either."""

BY_ENDING = (
    "SELECT ending, sum(files) FROM left_out GROUP BY ending ORDER BY sum(files) DESC, ending"
)

LINK_COUNTS = "SELECT coalesce(sum(links), 0), count(DISTINCT leads_to) FROM links_out"

MOST_LINKS = f"""
SELECT leads_to, sum(links) FROM links_out GROUP BY leads_to
ORDER BY sum(links) DESC, leads_to LIMIT {MOST_FOLDERS}
"""


@dataclass
class SqliteFiles(FileRecords):
    """The table of files."""

    _database: Database

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
    def left_out(self) -> list[LeftOut]:
        with self._database.reading() as connection:
            if not has_table(connection, "left_out"):
                return []
            rows = connection.execute("SELECT * FROM left_out ORDER BY folder, ending")
            return [LeftOut(*row) for row in rows]

    @override
    def put_left_out(self, left_out: Iterable[LeftOut]) -> None:
        rows = [(one.folder, one.ending, one.files) for one in left_out]
        if not rows:
            return
        with self._database.writing() as connection:
            connection.execute(LEFT_OUT)
            connection.executemany("INSERT OR REPLACE INTO left_out VALUES (?, ?, ?)", rows)
            connection.execute("DELETE FROM left_out WHERE files = 0")

    @override
    def links_out(self) -> list[LinksOut]:
        with self._database.reading() as connection:
            if not has_table(connection, "links_out"):
                return []
            rows = connection.execute("SELECT * FROM links_out ORDER BY folder, leads_to")
            return [LinksOut(*row) for row in rows]

    @override
    def put_links_out(self, links_out: Iterable[LinksOut]) -> None:
        rows = [(one.folder, one.leads_to, one.links) for one in links_out]
        if not rows:
            return
        with self._database.writing() as connection:
            connection.execute(LINKS_OUT)
            connection.executemany("INSERT OR REPLACE INTO links_out VALUES (?, ?, ?)", rows)
            connection.execute("DELETE FROM links_out WHERE links = 0")

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


def count_left_out(connection: sqlite3.Connection) -> dict[str, int]:
    """Return ending -> files that were left out, most first."""
    return dict(connection.execute(BY_ENDING)) if has_table(connection, "left_out") else {}


def count_links_out(connection: sqlite3.Connection) -> LinkCounts:
    """Count the links that lead out of the library."""
    if not has_table(connection, "links_out"):
        return LinkCounts()
    links, folders = connection.execute(LINK_COUNTS).fetchone()
    return LinkCounts(links, folders, dict(connection.execute(MOST_LINKS)))
