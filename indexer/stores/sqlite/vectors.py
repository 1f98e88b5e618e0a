"""The vectors of an SQLite store in a memory-mapped file beside it, kept up to date.

The file may be deleted at any time, and is then rebuilt.
"""

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

from indexer.derived.vector_file import VectorFile
from indexer.derived.vectors import Vectors
from indexer.records import Vector
from indexer.stores.sqlite.database import Database
from indexer.stores.sqlite.marks import Mark, deleted_since
from indexer.stores.sqlite.rows import decode_vector


class SqliteVectors:
    """Keeps the memory-mapped vectors of a store. One object serves all threads."""

    def __init__(self, database: Database) -> None:
        """Read nothing yet."""
        self._database = database
        self._lock = threading.Lock()
        self._state: Mark | None = None
        self._vectors: Vectors

    @property
    def folder(self) -> Path:
        """Where the vectors lie."""
        return Path(f"{self._database.file}.vectors")

    def current(self) -> Vectors:
        """Return the vectors as the store has them now, whichever process wrote them.

        Raises:
            StoreAway: the file cannot be written.
        """
        with self._lock, self._database.reading() as connection:
            state = Mark.read(connection)
            if self._state != state:
                self._vectors = self._read(connection, state)
                self._state = state
            return self._vectors

    def _read(self, connection: sqlite3.Connection, state: Mark) -> Vectors:
        (dimensions,) = connection.execute("SELECT dimensions FROM info").fetchone()
        file = VectorFile(self.folder, dimensions)
        if file.state != str(state):
            since = state.since(file.state)
            if since < 0:
                file.reset()
            changed = _read_vectors(connection, since)
            file.apply(changed, deleted_since(connection, since), str(state))
        return file.load()


def _read_vectors(connection: sqlite3.Connection, since: int) -> Iterator[tuple[str, Vector]]:
    query = "SELECT id, vector FROM photos JOIN vectors USING (key) WHERE content > ? ORDER BY id"
    for id, vector in connection.execute(query, (since,)):
        yield id, decode_vector(vector)
