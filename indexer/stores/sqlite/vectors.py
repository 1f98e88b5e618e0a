"""The vectors of an SQLite store: in their table, and beside it which key belongs to which photo.

Stores of an earlier layout have a copy of their vectors in a memory-mapped file instead. Either
file may be deleted at any time, and is then rebuilt.
"""

import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import cast

import numpy as np

from indexer.derived.array_file import read_arrays, write_arrays
from indexer.derived.vector_file import VectorFile
from indexer.derived.vectors import Vectors, merged
from indexer.errors import StoreAway
from indexer.records import Matrix, Vector
from indexer.stores.checks import NOT_KEPT
from indexer.stores.sqlite.database import Database
from indexer.stores.sqlite.layout import EARLIER, layout_of
from indexer.stores.sqlite.marks import Mark, deleted_since
from indexer.stores.sqlite.stored_rows import StoredRows

RECENT_PHOTOS, RECENT_SHARE = 1000, 0.02
"""So many photos, and this part of all, may be newer than the saved list."""

LAST_KEY = "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'photos'), 0)"
"""The largest key that any photo has or had."""


class SqliteVectors:
    """Keeps the vectors of a store. One object serves all threads."""

    def __init__(self, database: Database) -> None:
        """Read nothing yet."""
        self._database = database
        self._lock = threading.Lock()
        self._state: Mark | None = None
        self._vectors: Vectors
        self._unsaved = 0  # photos that came or left since the list was saved

    @property
    def folder(self) -> Path:
        """Where the list, or the copy of the vectors, lies."""
        return self._database.derived("vectors")

    def current(self) -> Vectors:
        """Return the vectors as the store has them now, whichever process wrote them.

        Raises:
            StoreAway: the file of a store of an earlier layout cannot be written.
        """
        with self._lock, self._database.reading() as connection:
            state = Mark.read(connection)
            if self._state != state:
                stay = layout_of(connection).keys_stay
                self._vectors = (self._follow if stay else self._copy)(connection, state)
                self._state = state
            return self._vectors

    def _follow(self, connection: sqlite3.Connection, state: Mark) -> Vectors:
        """Bring the list of keys up to date."""
        (dimensions,) = connection.execute("SELECT dimensions FROM info").fetchone()
        (last,) = connection.execute(LAST_KEY).fetchone()
        since, known = self._known(state, last)
        query = "SELECT id, key - 1 FROM photos WHERE content > ?"
        new = dict(connection.execute(query, (since,)).fetchall())
        gone = list(deleted_since(connection, since))
        names, row_of = merged(known.names, known.row_of, new, gone)
        earlier = known.rows if isinstance(known.rows, StoredRows) else None
        rows = StoredRows(self._database, state.token, (last, dimensions), earlier)
        vectors = Vectors(names, cast(Matrix, rows), row_of, known.file)
        self._unsaved += len(new) + len(gone)
        if since < 0 or self._unsaved > RECENT_PHOTOS + RECENT_SHARE * len(names):
            self._save(vectors, state)
        return vectors

    def _known(self, state: Mark, last: int) -> tuple[int, Vectors]:
        """The list in memory or in the file, and the change that it mirrors; -1 for none."""
        if self._state and (since := state.since(str(self._state))) >= 0:
            return since, self._vectors
        found, self._unsaved = read_arrays(self._path), 0
        since = state.since(found.state) if found else -1
        with suppress(KeyError):
            if found and since >= 0 and found.arrays["rows"].max(initial=-1) < last:
                (name,) = found.arrays["name"].tolist()
                unread: Matrix = np.zeros((0, 0), np.float32)
                arrays = found.arrays
                return since, Vectors(arrays["names"], unread, arrays["rows"], name.decode())
        none = Vectors.of([], np.zeros((0, 0), np.float32))
        return -1, Vectors(none.names, none.rows, none.row_of, secrets.token_hex(8))

    @property
    def _path(self) -> Path:
        return self.folder / "vectors.bin"

    def _save(self, vectors: Vectors, state: Mark) -> None:
        arrays = {
            "names": vectors.names,
            "rows": vectors.row_of,
            "name": np.array([vectors.file.encode()]),
        }
        with suppress(OSError):  # a full disk costs the next process time, and no answer
            write_arrays(self._path, str(state), {name: [part] for name, part in arrays.items()})
            self._unsaved = 0

    def _copy(self, connection: sqlite3.Connection, state: Mark) -> Vectors:
        """Bring the copy of a store of an earlier layout up to date."""
        try:
            (dimensions,) = connection.execute("SELECT dimensions FROM info").fetchone()
            file = VectorFile(self.folder, dimensions)
            if file.state != str(state):
                since = state.since(file.state)
                if since < 0:
                    file.reset()
                changed = _read_vectors(connection, since)
                file.apply(changed, deleted_since(connection, since), str(state))
            return file.load()
        except OSError as error:
            if self._database.is_read_only:
                message = NOT_KEPT.format(folder=self.folder, error=error.strerror)
                raise StoreAway(message) from error
            raise


def _read_vectors(connection: sqlite3.Connection, since: int) -> Iterator[tuple[str, Vector]]:
    query = "SELECT id, vector FROM photos JOIN vectors USING (key) WHERE content > ? ORDER BY id"
    for id, vector in connection.execute(query, (since,)):
        yield id, EARLIER.decode_vector(vector)
