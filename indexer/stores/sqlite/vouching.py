"""Give the rows of a store that an earlier version made their checksums, as they are now."""

import sqlite3

from indexer.stores.sqlite import previews, row_checksums
from indexer.stores.sqlite.database import BATCH, Database
from indexer.stores.sqlite.files import COLUMNS, columns_there
from indexer.stores.sqlite.identity import SUMMED
from indexer.stores.sqlite.row_checksums import of_photo, of_values, of_vector

PHOTOS = f"""
SELECT key, id, CAST(document AS BLOB), labels, neighbours, vector FROM photos
JOIN vectors USING (key) WHERE key > ? AND (document_checksum IS NULL OR labels_checksum IS NULL
OR neighbours_checksum IS NULL OR vectors.checksum IS NULL) ORDER BY key LIMIT {BATCH}
"""

OF_PHOTO = """
UPDATE photos SET document_checksum = coalesce(document_checksum, ?),
labels_checksum = coalesce(labels_checksum, ?),
neighbours_checksum = coalesce(neighbours_checksum, ?) WHERE key = ?
"""


def vouch(database: Database) -> int:
    """Give all rows without checksums theirs; return how many photos that were.

    What is known to be damaged was mended or removed before.
    """
    with database.writing() as connection:
        row_checksums.add_columns(connection)
        previews.add_index(connection)
        _vouch_for_few(connection)
        _vouch_for_files(connection)
    last = count = 0
    while True:
        with database.writing() as connection:
            rows = connection.execute(PHOTOS, (last,)).fetchall()
            for key, id, document, labels, neighbours, vector in rows:
                sums = [of_photo(id, content) for content in (document, labels, neighbours)]
                connection.execute(OF_PHOTO, (*sums, key))
                connection.execute(
                    "UPDATE vectors SET checksum = ? WHERE key = ? AND checksum IS NULL",
                    (of_vector(key, vector), key),
                )
        count += len(rows)
        if len(rows) < BATCH:
            return count
        last = rows[-1][0]


def _vouch_for_few(connection: sqlite3.Connection) -> None:
    """Give the rows of labels, and the one that says what made the store, theirs."""
    rows = connection.execute("SELECT number, wnid FROM labels WHERE checksum IS NULL").fetchall()
    connection.executemany(
        "UPDATE labels SET checksum = ? WHERE number = ?",
        [(of_values((number, wnid)), number) for number, wnid in rows],
    )
    there = {name for _, name, *_ in connection.execute("PRAGMA table_info(info)")}
    if there.issuperset(SUMMED):
        values = connection.execute(f"SELECT {', '.join(SUMMED)} FROM info").fetchone()
        connection.execute(
            "UPDATE info SET checksum = ? WHERE checksum IS NULL", (of_values(values),)
        )


def _vouch_for_files(connection: sqlite3.Connection) -> None:
    if len(columns_there(connection)) < len(COLUMNS):  # they get it with their next run
        return
    rows = connection.execute(f"SELECT {', '.join(COLUMNS)} FROM files WHERE checksum IS NULL")
    connection.executemany(
        "UPDATE files SET checksum = ? WHERE path = ?",
        [(of_values(row), row[0]) for row in rows.fetchall()],
    )
