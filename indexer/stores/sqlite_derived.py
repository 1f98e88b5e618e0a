"""What is derived from the tables and lies beside them: label matrix and vectors, kept up to date.

Both are marked with the state they mirror, and find what is new by the change numbers in the
tables. They may be deleted at any time, and are made anew.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypeGuard

import numpy as np
from numpy.typing import NDArray

from indexer.label_matrix import LabelMatrix, best
from indexer.records import Query, Vector
from indexer.stores.sqlite_database import Database
from indexer.stores.sqlite_rows import LabelNumbers, decode_vector
from indexer.vector_file import VectorFile
from indexer.vectors import Vectors

RECENT_PHOTOS = 1000
RECENT_SHARE = 0.02
"""So many photos, and this part of all, may be newer than the saved matrix: read in some 10 ms."""


@dataclass(frozen=True, slots=True)
class State:
    """Where a store's labels and vectors stand: a store's token, and its last change to them."""

    token: str
    change: int

    @classmethod
    def read(cls, connection: sqlite3.Connection) -> Self:
        """Read the state of the store; two steps in indices."""
        token, changed, deleted = connection.execute(
            "SELECT token, (SELECT max(content) FROM photos), (SELECT max(change) FROM deletions) "
            "FROM info"
        ).fetchone()
        return cls(token, max(changed or 0, deleted or 0))

    def since(self, mark: str | None) -> int:
        """Return the change that a derived file marked `mark` mirrors, -1 if it is of no use."""
        token, _, change = (mark or "").rpartition(":")
        if token != self.token or int(change) > self.change:  # another file, or an older copy of it
            return -1
        return int(change)

    def __str__(self) -> str:
        return f"{self.token}:{self.change}"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All labels in one state of the store.

    Attributes:
        state: where the store stood.
        saved: the matrix of the file, of this state or of an earlier one.
        gone: rows of `saved` that are deleted, or newer in `recent`.
        recent: what was written since.
    """

    state: State
    saved: LabelMatrix
    gone: NDArray[np.int64]
    recent: LabelMatrix

    def ids(self) -> NDArray[np.bytes_]:
        """Return the ids of all photos in ascending order."""
        kept = np.delete(self.saved.ids, self.gone)
        return np.sort(np.concatenate([kept, self.recent.ids]))

    def rank(self, query: Query) -> list[tuple[str, float]]:
        """Return ids and scores of the slice that the query asks for."""
        scores = self.saved.score(query)
        scores[self.gone] = 0
        parts = [(self.saved, scores), (self.recent, self.recent.score(query))]
        return best(parts, query.limit, query.offset)


class LabelIndex:
    """Keeps the labels of a store in memory: most from a file, and what came since apart.

    One object serves all threads.
    """

    def __init__(self, database: Database) -> None:
        """Read nothing yet."""
        self.path = Path(f"{database.path}.labels")
        self._database = database
        self._lock = threading.Lock()
        self._saved: tuple[LabelMatrix, str] | None = None
        self._snapshot: Snapshot | None = None

    def current(self) -> Snapshot:
        """Return the labels as the store has them now, whichever process wrote them."""
        with self._lock, self._database.reading() as connection:
            state = State.read(connection)
            if self._snapshot is None or self._snapshot.state != state:
                self._snapshot = self._read(connection, state)
            return self._snapshot

    def _read(self, connection: sqlite3.Connection, state: State) -> Snapshot:
        self._saved = saved, mark = self._near(connection, state)
        since = state.since(mark)
        recent = _read_matrix(connection, since)
        replaced = [id.decode() for id in recent.ids.tolist()]
        gone = saved.rows_of([*replaced, *_read_deleted(connection, since)])
        return Snapshot(state, saved, gone, recent)

    def _near(self, connection: sqlite3.Connection, state: State) -> tuple[LabelMatrix, str]:
        """A matrix that few photos are newer than, and its mark: at hand, in the file, or new."""
        if _is_near(self._saved, connection, state):
            return self._saved
        saved = LabelMatrix.load(self.path)
        if _is_near(saved, connection, state):
            return saved
        matrix = _read_matrix(connection, since=-1)
        with suppress(OSError):  # a full disk costs the next process time, and no answer
            matrix.save(self.path, str(state))
        return matrix, str(state)


class VectorMirror:
    """Keeps the memory-mapped vectors of a store. One object serves all threads."""

    def __init__(self, database: Database) -> None:
        """Read nothing yet."""
        self.folder = Path(f"{database.path}.vectors")
        self._database = database
        self._lock = threading.Lock()
        self._state: State | None = None
        self._vectors: Vectors

    def current(self) -> Vectors:
        """Return the vectors as the store has them now, whichever process wrote them.

        Raises:
            StoreAway: the file cannot be written.
        """
        with self._lock, self._database.reading() as connection:
            state = State.read(connection)
            if self._state != state:
                self._vectors = self._read(connection, state)
                self._state = state
            return self._vectors

    def _read(self, connection: sqlite3.Connection, state: State) -> Vectors:
        (dimensions,) = connection.execute("SELECT dimensions FROM info").fetchone()
        file = VectorFile(self.folder, dimensions)
        if file.state != str(state):
            since = state.since(file.state)
            if since < 0:
                file.reset()
            changed = _read_vectors(connection, since)
            file.apply(changed, _read_deleted(connection, since), str(state))
        return file.load()


def _is_near(
    saved: tuple[LabelMatrix, str] | None, connection: sqlite3.Connection, state: State
) -> TypeGuard[tuple[LabelMatrix, str]]:
    if saved is None or state.since(saved[1]) < 0:
        return False
    (newer,) = connection.execute(
        "SELECT (SELECT count(*) FROM photos WHERE content > :since) + "
        "(SELECT count(*) FROM deletions WHERE change > :since)",
        {"since": state.since(saved[1])},
    ).fetchone()
    return bool(newer <= RECENT_PHOTOS + RECENT_SHARE * len(saved[0].ids))


def _read_matrix(connection: sqlite3.Connection, since: int) -> LabelMatrix:
    query = "SELECT id, labels FROM photos WHERE content > ?"
    rows = sorted(connection.execute(query, (since,)))  # ids as UTF-8 and as text sort alike
    ids, entries = [id for id, _ in rows], [entry for _, entry in rows]
    return LabelMatrix.build(ids, entries, LabelNumbers.read(connection).wnids)


def _read_vectors(connection: sqlite3.Connection, since: int) -> Iterator[tuple[str, Vector]]:
    query = "SELECT id, vector FROM photos JOIN vectors USING (key) WHERE content > ? ORDER BY id"
    for id, vector in connection.execute(query, (since,)):
        yield id, decode_vector(vector)


def _read_deleted(connection: sqlite3.Connection, since: int) -> Iterator[str]:
    for (id,) in connection.execute("SELECT id FROM deletions WHERE change > ?", (since,)):
        yield id
