"""The labels of all photos, most of them in a file beside the store, kept up to date.

The file may be deleted at any time, and is then rebuilt.
"""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.filters import Filter
from indexer.records import Query
from indexer.stores.sqlite.database import Database
from indexer.stores.sqlite.labels.filtering import ids_left
from indexer.stores.sqlite.labels.joining import join
from indexer.stores.sqlite.labels.matrix import LabelMatrix, Rows
from indexer.stores.sqlite.labels.numbers import LabelNumbers
from indexer.stores.sqlite.labels.scoring import best, score
from indexer.stores.sqlite.marks import Mark, deleted_since

RECENT_PHOTOS = 1000
RECENT_SHARE = 0.02
"""So many photos, and this part of all, may be newer than the saved matrix."""

BLOCK = 16_384
"""Photos whose labels are read at a time: 5 MB, sorted by label within a core's cache."""

NONE = np.zeros(0, np.int32)
"""No rows."""


@dataclass(frozen=True, slots=True)
class LabelSnapshot:
    """All labels in one state of the store.

    Attributes:
        state: how far the store had come.
        saved: the matrix of the file, of this state or of an earlier one.
        gone: rows of `saved` that are deleted, or newer in `recent`.
        recent: what was written since.
    """

    state: Mark
    saved: LabelMatrix
    gone: Rows
    recent: LabelMatrix

    def ids(self, filters: Sequence[Filter]) -> NDArray[np.bytes_]:
        """Return the ids of the photos that no filter leaves out, in ascending order."""
        saved = ids_left(self.saved, filters, self.gone)
        return np.sort(np.concatenate([saved, ids_left(self.recent, filters, NONE)]))

    def rank(self, query: Query) -> list[tuple[str, float]]:
        """Return ids and scores of the slice that the query asks for."""
        parts = [score(self.saved, query, self.gone), score(self.recent, query, self.gone[:0])]
        return best(parts, query.limit, query.offset)

    @property
    def is_far(self) -> bool:
        """Whether so much was written since that it should be saved."""
        saved, changes = len(self.saved.ids), len(self.gone) + len(self.recent.ids)
        return changes > (RECENT_PHOTOS + RECENT_SHARE * saved if saved else 0)

    def follow(self, connection: sqlite3.Connection, state: Mark) -> "LabelSnapshot":
        """Return the labels in a later state, reading only what was written in between."""
        parts = list(_read_labels(connection, self.state.change))
        ids = {id.decode() for part in parts for id in part.ids.tolist()}
        ids.update(deleted_since(connection, self.state.change))
        replaced = self.recent.rows_of(ids)
        recent = join([(self.recent, replaced), *((part, NONE) for part in parts)])
        gone = np.union1d(self.gone, self.saved.rows_of(ids))
        return LabelSnapshot(state, self.saved, gone, recent)

    def folded(self) -> LabelMatrix:
        """Return one matrix of all photos."""
        if len(self.saved.ids) == 0:
            return self.recent
        return join([(self.saved, self.gone), (self.recent, NONE)])


class LabelIndex:
    """Keeps the labels of a store in memory: most from a file, and newer ones beside it.

    One object serves all threads.
    """

    def __init__(self, database: Database) -> None:
        """Read nothing yet."""
        self._database = database
        self._lock = threading.Lock()
        self._snapshot: LabelSnapshot | None = None

    @property
    def path(self) -> Path:
        """The file that the matrix is saved in."""
        return Path(f"{self._database.file}.labels")

    def current(self) -> LabelSnapshot:
        """Return the labels as the store has them now, whichever process wrote them."""
        with self._lock, self._database.reading() as connection:
            state = Mark.read(connection)
            if self._snapshot is None or self._snapshot.state != state:
                self._snapshot = self._read(connection, state)
            return self._snapshot

    def _read(self, connection: sqlite3.Connection, state: Mark) -> LabelSnapshot:
        """Follow the store from the last snapshot or, where that is far behind, from the file."""
        if self._snapshot is not None and state.since(str(self._snapshot.state)) >= 0:
            snapshot = self._snapshot.follow(connection, state)
            if not snapshot.is_far:
                return snapshot
        snapshot = self._load(state).follow(connection, state)
        return self._fold(snapshot) if snapshot.is_far else snapshot

    def _load(self, state: Mark) -> LabelSnapshot:
        """Return what the file holds, an empty snapshot where it is of no use."""
        empty = LabelMatrix.build([], [], [])
        saved, mark = LabelMatrix.load(self.path) or (empty, None)
        since = state.since(mark)
        return LabelSnapshot(Mark(state.token, since), saved if since >= 0 else empty, NONE, empty)

    def _fold(self, snapshot: LabelSnapshot) -> LabelSnapshot:
        """Write the file again, with all photos."""
        matrix, mark = snapshot.folded(), str(snapshot.state)
        with suppress(OSError):  # a full disk costs the next process time, and no answer
            matrix.save(self.path, mark)
            saved = LabelMatrix.load(self.path)
            if saved is not None and saved[1] == mark:
                matrix = saved[0]  # mapped, no longer in memory
        return LabelSnapshot(snapshot.state, matrix, NONE, LabelMatrix.build([], [], []))


def _read_labels(connection: sqlite3.Connection, since: int) -> Iterator[LabelMatrix]:
    wnids = LabelNumbers.read(connection).wnids
    rows = connection.execute("SELECT id, labels FROM photos WHERE content > ?", (since,))
    while block := rows.fetchmany(BLOCK):
        yield LabelMatrix.build([id for id, _ in block], [entry for _, entry in block], wnids)
