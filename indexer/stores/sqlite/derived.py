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
from typing import Self

import numpy as np
from numpy.typing import NDArray

from indexer.derived.vector_file import VectorFile
from indexer.derived.vectors import Vectors
from indexer.records import Query, Vector
from indexer.stores.sqlite.database import Database
from indexer.stores.sqlite.label_joining import join
from indexer.stores.sqlite.label_matrix import LabelMatrix, Rows
from indexer.stores.sqlite.label_ranking import best, score
from indexer.stores.sqlite.rows import LabelNumbers, decode_vector

RECENT_PHOTOS = 1000
RECENT_SHARE = 0.02
"""So many photos, and this part of all, may be newer than the saved matrix."""

BLOCK = 16_384
"""Photos whose labels are read at a time: 5 MB, sorted by label within a core's cache."""

NONE = np.zeros(0, np.int32)
"""No rows."""


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
    gone: Rows
    recent: LabelMatrix

    def ids(self) -> NDArray[np.bytes_]:
        """Return the ids of all photos in ascending order."""
        kept = np.delete(self.saved.ids, self.gone)
        return np.sort(np.concatenate([kept, self.recent.ids]))

    def rank(self, query: Query) -> list[tuple[str, float]]:
        """Return ids and scores of the slice that the query asks for."""
        parts = [score(self.saved, query, self.gone), score(self.recent, query, self.gone[:0])]
        return best(parts, query.limit, query.offset)

    @property
    def is_far(self) -> bool:
        """Whether so much was written since that it should be saved."""
        saved, changes = len(self.saved.ids), len(self.gone) + len(self.recent.ids)
        return changes > (RECENT_PHOTOS + RECENT_SHARE * saved if saved else 0)

    def follow(self, connection: sqlite3.Connection, state: State) -> "Snapshot":
        """Return the labels in a later state, reading only what was written in between."""
        parts = list(_read_labels(connection, self.state.change))
        ids = {id.decode() for part in parts for id in part.ids.tolist()}
        ids.update(_read_deleted(connection, self.state.change))
        replaced = self.recent.rows_of(ids)
        recent = join([(self.recent, replaced), *((part, NONE) for part in parts)])
        gone = np.union1d(self.gone, self.saved.rows_of(ids))
        return Snapshot(state, self.saved, gone, recent)

    def folded(self) -> LabelMatrix:
        """Return one matrix of all photos."""
        if len(self.saved.ids) == 0:
            return self.recent
        return join([(self.saved, self.gone), (self.recent, NONE)])


class LabelIndex:
    """Keeps the labels of a store in memory: most from a file, and what came since apart.

    One object serves all threads.
    """

    def __init__(self, database: Database) -> None:
        """Read nothing yet."""
        self._database = database
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None

    @property
    def path(self) -> Path:
        """The file that the matrix is saved in."""
        return Path(f"{self._database.file}.labels")

    def current(self) -> Snapshot:
        """Return the labels as the store has them now, whichever process wrote them."""
        with self._lock, self._database.reading() as connection:
            state = State.read(connection)
            if self._snapshot is None or self._snapshot.state != state:
                self._snapshot = self._read(connection, state)
            return self._snapshot

    def _read(self, connection: sqlite3.Connection, state: State) -> Snapshot:
        """Follow the store from what is at hand or, where that is far, from the file."""
        if self._snapshot is not None and state.since(str(self._snapshot.state)) >= 0:
            snapshot = self._snapshot.follow(connection, state)
            if not snapshot.is_far:
                return snapshot
        snapshot = self._load(state).follow(connection, state)
        return self._fold(snapshot) if snapshot.is_far else snapshot

    def _load(self, state: State) -> Snapshot:
        """Return what the file holds, nothing where it is of no use."""
        empty = LabelMatrix.build([], [], [])
        saved, mark = LabelMatrix.load(self.path) or (empty, None)
        since = state.since(mark)
        return Snapshot(State(state.token, since), saved if since >= 0 else empty, NONE, empty)

    def _fold(self, snapshot: Snapshot) -> Snapshot:
        """Write the file anew."""
        matrix, mark = snapshot.folded(), str(snapshot.state)
        with suppress(OSError):  # a full disk costs the next process time, and no answer
            matrix.save(self.path, mark)
            saved = LabelMatrix.load(self.path)
            if saved is not None and saved[1] == mark:
                matrix = saved[0]  # mapped, no longer in memory
        return Snapshot(snapshot.state, matrix, NONE, LabelMatrix.build([], [], []))


class VectorMirror:
    """Keeps the memory-mapped vectors of a store. One object serves all threads."""

    def __init__(self, database: Database) -> None:
        """Read nothing yet."""
        self._database = database
        self._lock = threading.Lock()
        self._state: State | None = None
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


def _read_labels(connection: sqlite3.Connection, since: int) -> Iterator[LabelMatrix]:
    wnids = LabelNumbers.read(connection).wnids
    rows = connection.execute("SELECT id, labels FROM photos WHERE content > ?", (since,))
    while block := rows.fetchmany(BLOCK):
        yield LabelMatrix.build([id for id, _ in block], [entry for _, entry in block], wnids)


def _read_vectors(connection: sqlite3.Connection, since: int) -> Iterator[tuple[str, Vector]]:
    query = "SELECT id, vector FROM photos JOIN vectors USING (key) WHERE content > ? ORDER BY id"
    for id, vector in connection.execute(query, (since,)):
        yield id, decode_vector(vector)


def _read_deleted(connection: sqlite3.Connection, since: int) -> Iterator[str]:
    for (id,) in connection.execute("SELECT id FROM deletions WHERE change > ?", (since,)):
        yield id
