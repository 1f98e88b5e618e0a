"""What is damaged in the tables about photos, apart from the photos themselves, and its repair.

Photos are read and checked one by one (see indexer/verifying.py).
"""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from indexer.errors import Damaged
from indexer.stores.sqlite import previews, row_checksums
from indexer.stores.sqlite.database import Database
from indexer.stores.sqlite.files import COLUMNS, columns_there
from indexer.stores.sqlite.identity import SUMMED
from indexer.stores.sqlite.labels import names
from indexer.stores.sqlite.one_change import undone
from indexer.stores.sqlite.schema import LABELS

TABLES = ("info", "labels", "photos", "vectors", "deletions", "files")
"""Those with indices, or that photos need."""

MOST_LINES = 20
"""That SQLite says of a table."""

REPAIR = "`magpie verify --repair`"

BEYOND_REPAIR = (
    "table {table} is damaged beyond repair ({error}): `magpie salvage` copies what can be read of "
    "the store; nothing was changed"
)

ORPHANS = "FROM vectors WHERE key NOT IN (SELECT key FROM photos)"
IDS = """
SELECT key, CAST(id AS BLOB), CAST(document AS BLOB), labels, labels_checksum FROM photos
NOT INDEXED
"""


@dataclass(frozen=True, slots=True)
class RowDamage:
    """Finds what is damaged in a file, and mends it."""

    _database: Database

    def found(self) -> Iterator[str]:
        """Yield a line for each thing, however many there are."""
        with self._database.reading() as connection:
            for table in TABLES:
                for line in _structure(connection, table):
                    yield f"table {table} is damaged ({line}): {REPAIR} or `magpie salvage`"
            if _wrong_info(connection) is not None:
                yield f"what says how the store was made is damaged: {REPAIR}"
            if _wrong_labels(connection):
                yield f"the names of labels are damaged: {REPAIR}"
            (orphans,) = connection.execute(f"SELECT count(*) {ORPHANS}").fetchone()
            if orphans:
                yield f"{orphans} vectors belong to no photo: {REPAIR}"
            for path in _wrong_files(connection):
                yield f"the record of file {_text(path)!r} is not as written: {REPAIR}"

    def mended(self) -> Iterator[str]:
        """Mend what can be mended; yield a line for each thing."""
        with self._database.changing() as (connection, change):
            row_checksums.add_columns(connection)
            yield from _mend_info(connection)
            if _wrong_labels(connection):
                yield from _mend_labels(connection)
            for table in TABLES:
                if any(_structure(connection, table)):
                    yield from _mend_indices(connection, table, change)
            connection.execute(f"DELETE {ORPHANS}")
            for path in list(_wrong_files(connection)):
                connection.execute("DELETE FROM files WHERE CAST(path AS BLOB) = ?", (path,))
                yield f"removed the record of file {_text(path)!r}: the next run reads it again"


def _structure(connection: sqlite3.Connection, table: str) -> list[str]:
    """Return what SQLite finds wrong with a table and its indices."""
    query = f"PRAGMA integrity_check('{table}')"
    try:
        lines = [str(line) for (line,) in connection.execute(query).fetchmany(MOST_LINES)]
    except sqlite3.DatabaseError as error:
        # The index of previews reads documents, and damaged ones are named photo by photo.
        return [] if "JSON" in str(error) else [str(error)]
    return [" ".join(line.split()) for line in lines if line != "ok"]


def _wrong_info(connection: sqlite3.Connection) -> tuple[list[Any], int] | None:
    """Return what made the store, and its checksum, where they do not fit."""
    query = f"SELECT {', '.join(SUMMED)}, checksum FROM info"
    try:
        *values, checksum = connection.execute(row_checksums.selected(connection, query)).fetchone()
    except sqlite3.OperationalError as error:
        if "looks" in str(error):  # a store of an early version has no checksum either
            return None
        raise
    if checksum is None or checksum == row_checksums.of_values(values):
        return None
    return values, checksum


def _mend_info(connection: sqlite3.Connection) -> Iterator[str]:
    wrong = _wrong_info(connection)
    if wrong is None:
        return
    values = undone(*wrong)
    if values is None:
        raise Damaged(
            "what says how the store was made is damaged beyond repair: put a copy of the store "
            "back; nothing was removed"
        )
    sets = ", ".join(f"{name} = ?" for name in SUMMED)
    checksum = row_checksums.of_values(values)
    connection.execute(f"UPDATE info SET {sets}, checksum = ?", (*values, checksum))
    yield "mended what says how the store was made"


def _wrong_labels(connection: sqlite3.Connection) -> bool:
    rows = connection.execute(row_checksums.selected(connection, names.ROWS)).fetchall()
    numbers = [number for number, *_ in rows]
    return numbers != list(range(len(rows))) or not all(map(names.is_sound, rows))


def _mend_labels(connection: sqlite3.Connection) -> Iterator[str]:
    found = names.mended(connection.execute(names.ROWS).fetchall())
    connection.execute("DROP TABLE labels")  # its index may be of what it was before
    connection.execute(LABELS)
    rows = [(*row, row_checksums.of_values(row)) for row in sorted(found.items())]
    connection.executemany("INSERT INTO labels (number, wnid, checksum) VALUES (?, ?, ?)", rows)
    yield "mended the names of labels"


def _mend_indices(connection: sqlite3.Connection, table: str, change: int) -> Iterator[str]:
    """Make the indices of a table again; all that is derived from photos follows."""
    if table == "photos":
        connection.execute(f"DROP INDEX IF EXISTS {previews.INDEX}")
    connection.execute(f"REINDEX {table}")
    if left := _structure(connection, table):
        raise Damaged(BEYOND_REPAIR.format(table=table, error=left[0]))
    if table == "photos":
        connection.execute("UPDATE photos SET version = ?, content = ?", (change, change))
        yield from _mend_ids(connection)
    yield f"made the indices of table {table} again"


def _mend_ids(connection: sqlite3.Connection) -> Iterator[str]:
    """Put ids right by the documents that hold them too; remove photos without one."""
    rows = connection.execute(row_checksums.selected(connection, IDS))
    wrong = [row for row in rows if row[1] != (_id_of(row[2]) or "").encode()]
    for key, id, document, labels, checksum in wrong:
        known = _id_of(document)
        if known is not None and row_checksums.is_photos(known, labels, checksum):
            connection.execute("UPDATE photos SET id = ? WHERE key = ?", (known, key))
            yield f"mended the id of photo {known}"
        elif not isinstance(id, bytes) or not id.isascii():
            connection.execute("DELETE FROM photos WHERE key = ?", (key,))
            yield "removed a photo whose id is damaged: index its folder again, to describe it"


def _id_of(document: bytes) -> str | None:
    try:
        id = json.loads(document)["id"]
    except (ValueError, TypeError, KeyError):
        return None
    return id if isinstance(id, str) and id.isascii() else None


def _wrong_files(connection: sqlite3.Connection) -> Iterator[bytes]:
    is_older = not row_checksums.there_are(connection)
    if is_older or len(columns_there(connection)) < len(COLUMNS):
        return
    # As bytes: SQLite would fail at a text that is not UTF-8 any more.
    columns = ", ".join(f"CAST({name} AS BLOB), typeof({name})" for name in COLUMNS)
    for *cells, checksum in connection.execute(f"SELECT {columns}, checksum FROM files"):
        values = [_value(*cells[at : at + 2]) for at in range(0, len(cells), 2)]
        if checksum is not None and checksum != row_checksums.of_values(values):
            yield cells[0]


def _value(raw: bytes | None, kind: str) -> str | int | None:
    if raw is None:
        return None
    text = raw.decode("utf-8", "surrogateescape")
    return int(text) if kind == "integer" else text


def _text(path: bytes) -> str:
    return path.decode("utf-8", "replace")
