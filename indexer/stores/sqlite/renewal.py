"""Put a file that another network filled in the place of an SQLite store's own, losing nothing."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from typing_extensions import override

from indexer.stores.protocols import Renewal, Store
from indexer.stores.sqlite import event_rows, events, learned, on_disk, searches
from indexer.stores.sqlite.database import Database

LOGS = {
    "feedback": (events.TABLE,),
    "feedback_checksums": (event_rows.TABLE,),
    "searches": searches.TABLES,
    "words": (learned.TABLE,),
}
"""The tables that are not about photos, and how they are made."""

TABLES_OF_BOTH = """
SELECT name FROM main.sqlite_schema JOIN old.sqlite_schema theirs
USING (type, name) WHERE type = 'table' AND name IN ('feedback_checksums', 'searches')
"""

REWRITTEN = {
    "feedback_checksums": """
        SELECT EXISTS (SELECT 1 FROM main.feedback_checksums mine
        JOIN old.feedback_checksums theirs USING (number) WHERE mine.chain <> theirs.chain)
    """,
    "searches": """
        SELECT (SELECT count(*) FROM main.searches) <> (SELECT count(*) FROM old.searches
        WHERE number <= (SELECT coalesce(max(number), 0) FROM main.searches))
    """,
}
"""Tell by table whether entries that were copied are others now."""

NEWER = "number > (SELECT coalesce(max(number), 0) FROM main.{table})"


class SqliteRenewal(Renewal):
    """A file beside the one in use takes its place."""

    def __init__(self, database: Database, open_file: Callable[[Path], Store]) -> None:
        """Take the store's file, and what opens another one as a store."""
        self._database = database
        self._path = database.path
        self._open = open_file

    @override
    def next(self) -> Store:
        return self._open(self._next())

    @override
    def swap(self) -> None:
        file = self._next()
        with self._database.explained():
            self._copy_logs(file, afresh=True)  # most of them, while users still click
            # Writers that wait for this to end then find the new file, and write there.
            with self._database.writing():
                self._copy_logs(file)
                on_disk.point_to(self._path, file)

    @override
    def old(self) -> list[str]:
        return [str(on_disk.numbered(self._path, number)) for number in self._older()]

    @override
    def drop_old(self) -> None:
        with self._database.explained():
            for number in self._older():
                on_disk.remove(self._path, number)

    @override
    def cancel(self) -> None:
        with self._database.explained():
            on_disk.remove(self._path, on_disk.number_in_use(self._path) + 1)

    def _next(self) -> Path:
        return on_disk.numbered(self._path, on_disk.number_in_use(self._path) + 1)

    def _older(self) -> list[int]:
        used = on_disk.number_in_use(self._path)
        return [number for number in on_disk.all_numbered(self._path) if number < used]

    def _copy_logs(self, file: Path, afresh: bool = False) -> None:
        """Bring the logs in `file` up to date; entries keep their numbers, which readers rely on.

        Args:
            file: the next one.
            afresh: whether what it holds is dropped: it may have been in use until somebody put an
                older file back in its place, and then its entries of the same numbers are others.
                They are dropped too where something was removed for good since they were copied.
        """
        source = quote(str(on_disk.in_use(self._path)))
        target = sqlite3.connect(f"file:{quote(str(file))}?mode=rw", uri=True, isolation_level=None)
        with closing(target):
            target.execute("ATTACH ? AS old", (f"file:{source}?mode=rw",))
            target.execute("PRAGMA secure_delete = ON")
            target.execute("BEGIN")  # not IMMEDIATE: that would wait for the old file too
            afresh = afresh or _was_rewritten(target)
            for table, statements in LOGS.items():
                if afresh:
                    target.execute(f"DROP TABLE IF EXISTS main.{table}")
                _copy_table(target, table, statements)
            target.execute("COMMIT")


def _was_rewritten(target: sqlite3.Connection) -> bool:
    """Tell whether the old file's logs have other entries than were copied from them."""
    tables = target.execute(TABLES_OF_BOTH).fetchall()
    return any(target.execute(REWRITTEN[name]).fetchone()[0] for (name,) in tables)


def _copy_table(target: sqlite3.Connection, table: str, statements: tuple[str, ...]) -> None:
    there = "SELECT 1 FROM old.sqlite_schema WHERE type = 'table' AND name = ?"
    if target.execute(there, (table,)).fetchone() is None:
        return
    for statement in statements:
        target.execute(statement)
    newer = NEWER.format(table=table)
    if table == "words":  # which is not a log: it holds what is so now
        target.execute("DELETE FROM main.words")
        newer = "true"
    target.execute(f"INSERT INTO main.{table} SELECT * FROM old.{table} WHERE {newer}")
