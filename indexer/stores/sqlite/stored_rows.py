"""The vectors of an SQLite store, read from their table as if it were a matrix."""

import sqlite3
import threading
from typing import Any

import numpy as np

from indexer.derived.vectors import Rows
from indexer.errors import StoreAway
from indexer.halves import Halves, to_unit
from indexer.records import Matrix, Vector
from indexer.stores.sqlite.database import CHANGED, Database, as_json
from indexer.stores.sqlite.layout import NOW
from indexer.stores.sqlite.row_checksums import is_of_key, selected, tell_left_out

KEPT_BYTES = 170_000_000
"""Vectors of this size or less are kept in memory once they are read: with so few, all of them are
compared with every query, in a few milliseconds. Those of 20,000 photos are, as from there on an
index proposes a few hundred rows."""

BLOCK = 4096
"""Rows that are read at a time: 10 MB of 1,280 dimensions."""

SELECT = "SELECT key, vector, checksum FROM vectors WHERE key "
SPAN = SELECT + "BETWEEN ? + 1 AND ? + 1"
AMONG = SELECT + "IN (SELECT value + 1 FROM json_each(?))"
NAMES = "SELECT id FROM photos WHERE key IN (SELECT value FROM json_each(?))"


VectorRow = tuple[int, bytes, int | None]
"""Key, vector and checksum."""


class StoredRows:
    """A matrix, float32, of which row i is the vector with the key i + 1, or zeros.

    It is read with `[]`, and multiplied by a vector with `@`. A key never gets another vector, so
    what was read stays true. All threads may share one object.
    """

    def __init__(
        self,
        database: Database,
        token: str,
        shape: tuple[int, int],
        earlier: "StoredRows | None" = None,
    ) -> None:
        """Read nothing yet.

        Args:
            database: the file.
            token: of the store, which tells it from another that takes its place.
            shape: the last key, and the dimensions.
            earlier: rows of the same store from an earlier time.
        """
        self._database = database
        self._token = token
        self.shape = shape
        self._lock = threading.Lock()
        self._kept: Matrix = np.zeros((0, shape[1]), np.float32)
        if earlier is not None:
            self._kept = earlier._kept

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: Any) -> Matrix:
        """Return rows by a slice, numbers in any order, or one number.

        Raises:
            StoreAway: another network's vectors took the place of these.
        """
        if 4 * self.shape[0] * self.shape[1] <= KEPT_BYTES:
            kept: Matrix = self._all()[rows]
            return kept
        if isinstance(rows, slice):
            rows = np.arange(*rows.indices(len(self)))
        each, places = np.unique(rows, return_inverse=True)
        found = self._read(each)
        if not np.array_equal(each, rows):
            found = found[places]
        return found

    def __matmul__(self, vector: Vector) -> Vector:
        """Return the product of each row with a vector, shape (len(self),)."""
        starts = range(0, len(self), BLOCK)
        parts = [self[start : start + BLOCK] @ vector for start in starts]
        return np.concatenate([np.zeros(0, np.float32), *parts])

    def _all(self) -> Matrix:
        with self._lock:
            if len(self._kept) < len(self):
                new = self._read(np.arange(len(self._kept), len(self)))
                self._kept = np.concatenate([self._kept, new])
            return self._kept

    def _read(self, rows: Rows) -> Matrix:
        """Read rows that ascend."""
        starts = range(0, len(rows), BLOCK)
        blocks = [to_unit(self._halves(rows[start : start + BLOCK])) for start in starts]
        return np.concatenate([np.zeros((0, self.shape[1]), np.float32), *blocks])

    def _halves(self, rows: Rows) -> Halves:
        first, last = int(rows[0]), int(rows[-1])
        with self._database.reading() as connection:
            (token,) = connection.execute("SELECT token FROM info").fetchone()
            if token != self._token:
                raise StoreAway(CHANGED.format(place=self._database.path))
            if last - first + 1 == len(rows):
                found = connection.execute(selected(connection, SPAN), (first, last)).fetchall()
            else:
                among = selected(connection, AMONG)
                found = connection.execute(among, (as_json(rows.tolist()),)).fetchall()
            sound = self._sound(found, connection)
        halves = np.zeros((len(rows), self.shape[1]), NOW.vector)
        content = b"".join([vector for _, vector, _ in sound])
        places = np.searchsorted(rows, [key - 1 for key, _, _ in sound])
        halves[places] = np.frombuffer(content, NOW.vector).reshape(len(sound), self.shape[1])
        return halves

    def _sound(self, found: list[VectorRow], connection: sqlite3.Connection) -> list[VectorRow]:
        """Return the rows that are as they were written, and name the photos of the others."""
        length = NOW.vector.itemsize * self.shape[1]
        sound = [row for row in found if is_of_key(*row) and len(row[1]) == length]
        if len(sound) < len(found):
            bad = {key for key, *_ in found} - {key for key, *_ in sound}
            names = connection.execute(NAMES, (as_json(bad),)).fetchall()
            tell_left_out([id for (id,) in names])
        return sound
