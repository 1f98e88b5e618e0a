"""Photos that are described by previews so far: none in most stores, and found by an index."""

import sqlite3

from indexer.stores.sqlite.database import AMONG
from indexer.stores.sqlite.rows import decode_paths

INDEX = "photos_preview"
WHERE = "json_extract(document, '$.preview')"
"""In the words of the index, or SQLite would look at all photos."""


def add_index(connection: sqlite3.Connection) -> None:
    """Let a store that an earlier Magpie made have the index; before, it has no such photos."""
    connection.execute(f"CREATE INDEX IF NOT EXISTS {INDEX} ON photos (id) WHERE {WHERE}")


def remove_photos(connection: sqlite3.Connection, ids: str) -> None:
    """Remove photos, `ids` in JSON, whose documents may be damaged.

    Then SQLite cannot tell whether the index has them, which is made again of the others.
    """
    remove = "DELETE FROM photos WHERE " + AMONG
    try:
        connection.execute(remove, (ids,))
    except sqlite3.OperationalError as error:
        if "JSON" not in str(error):
            raise
        connection.execute(f"DROP INDEX IF EXISTS {INDEX}")
        connection.execute(remove, (ids,))
        add_index(connection)


def paths_of_previews(connection: sqlite3.Connection) -> dict[str, tuple[str, ...]]:
    """Return the paths of these photos by id."""
    if not _has_index(connection):
        return {}
    query = f"SELECT id, json_extract(document, '$.paths') FROM photos WHERE {WHERE}"
    return {id: decode_paths(paths) for id, paths in connection.execute(query)}


def count_previews(connection: sqlite3.Connection) -> int:
    """Return how many there are."""
    if not _has_index(connection):
        return 0
    (number,) = connection.execute(f"SELECT count(*) FROM photos WHERE {WHERE}").fetchone()
    return int(number)


def _has_index(connection: sqlite3.Connection) -> bool:
    query = "SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = ?"
    return connection.execute(query, (INDEX,)).fetchone() is not None
