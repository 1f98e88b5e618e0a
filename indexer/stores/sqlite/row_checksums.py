"""Checksums of rows, by which a reader knows those that a disk changed.

Each of them is a CRC-32 in a column of its own: that notices every change of up to 32 bits in a row
(https://users.ece.cmu.edu/~koopman/crc/), and all but one in 4 billion of others. Stores of earlier
versions get the columns with their next write, and rows in them are NULL until they are written
again: such rows are taken as they are.
"""

import logging
import re
import sqlite3
import zlib
from collections.abc import Sequence

COLUMNS = {
    "info": ("checksum",),
    "labels": ("checksum",),
    "photos": ("document_checksum", "labels_checksum", "neighbours_checksum"),
    "vectors": ("checksum",),
    "files": ("checksum",),
}
"""By table."""

NAMED = re.compile(r"\b[\w.]*checksum\b")

MOST_NAMED = 5


def of_photo(id: str, content: bytes) -> int:
    """Return the checksum of a column of a photo, which another photo's does not fit."""
    return zlib.crc32(content, zlib.crc32(id.encode("utf-8", "replace")))


def of_vector(key: int, content: bytes) -> int:
    """Return the checksum of the vector of a key."""
    return zlib.crc32(content, key & 0xFFFFFFFF)


def of_values(values: Sequence[str | int | None]) -> int:
    """Return the checksum of a row of texts and numbers.

    NULLs at its end do not count, so that tables of earlier versions can get further columns.
    """
    kept = list(values)
    while kept and kept[-1] is None:
        kept.pop()
    return zlib.crc32(ascii(kept).encode())


def is_photos(id: str, content: bytes, checksum: int | None) -> bool:
    """Tell whether a column of a photo is as it was written, as far as is known.

    Args:
        id: of the photo.
        content: bytes, or what damage made of them.
        checksum: None = not known.
    """
    return isinstance(content, bytes) and (checksum is None or checksum == of_photo(id, content))


def is_of_key(key: int, content: bytes, checksum: int | None) -> bool:
    """Tell the same of a vector."""
    return isinstance(content, bytes) and (checksum is None or checksum == of_vector(key, content))


def there_are(connection: sqlite3.Connection) -> bool:
    """Whether the store has the columns."""
    query = "SELECT 1 FROM pragma_table_info('labels') WHERE name = 'checksum'"
    return connection.execute(query).fetchone() is not None


def add_columns(connection: sqlite3.Connection) -> None:
    """Let a store of an earlier version have them; their rows are as they were."""
    if not there_are(connection):
        for table, names in COLUMNS.items():
            for name in names:
                connection.execute(f"ALTER TABLE {table} ADD COLUMN {name} INTEGER")


def selected(connection: sqlite3.Connection, query: str) -> str:
    """Return a query with NULL for checksums that a store does not have.

    Args:
        connection: to the store.
        query: names them.
    """
    if there_are(connection):
        return query
    return NAMED.sub("NULL", query)


def tell_left_out(ids: Sequence[str]) -> None:
    """Warn of photos that are left out of an answer because they were damaged."""
    if ids:
        named = ", ".join(ids[:MOST_NAMED]) + (", ..." if len(ids) > MOST_NAMED else "")
        logging.getLogger(__name__).warning(
            "%s damaged and left out (%s): run `magpie verify --repair`, then index again",
            "1 photo is" if len(ids) == 1 else f"{len(ids):,} photos are",
            named,
        )
