"""The facts of all photos, most of them in a file beside the store, kept up to date.

The file may be deleted at any time, and is then rebuilt. Nothing is read before a search filters.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from indexer.stores.sqlite.database import Database
from indexer.stores.sqlite.documents import DOCUMENT, read_documents
from indexer.stores.sqlite.facts.columns import FactColumns
from indexer.stores.sqlite.facts.matching import AlignedFacts, FactSnapshot, MatrixFacts
from indexer.stores.sqlite.labels.matrix import LabelMatrix
from indexer.stores.sqlite.marks import Mark
from indexer.stores.sqlite.row_checksums import selected, tell_left_out

RECENT_PHOTOS = 1000
RECENT_SHARE = 0.02
"""So many photos, and this part of all, may be newer than the saved columns."""

BLOCK = 4096
"""Documents that are read at a time."""

NEVER = -1
"""Before every write."""


class FactIndex:
    """Keeps the facts of a store in memory. One object serves all threads."""

    def __init__(self, database: Database) -> None:
        """Read nothing yet."""
        self._database = database
        self._lock = threading.Lock()
        self._last: tuple[Mark, FactSnapshot] | None = None
        self._matched: list[tuple[LabelMatrix, MatrixFacts]] = []

    @property
    def path(self) -> Path:
        """The file that the columns are saved in."""
        return self._database.derived("facts")

    def of(self, *matrices: LabelMatrix) -> list[MatrixFacts]:
        """Return the facts of the photos of matrices, as the store has them now."""
        with self._lock:
            facts = self._current()
            self._matched = [(matrix, self._match(matrix, facts)) for matrix in matrices]
            return [matched for _, matched in self._matched]

    def _match(self, matrix: LabelMatrix, facts: FactSnapshot) -> MatrixFacts:
        """Find the photos of a matrix, unless that was done for it before."""
        saved = None
        for known, matched in self._matched:
            if known is matrix and matched.saved.facts is facts.saved:
                saved = matched.saved
                if matched.recent.facts is facts.recent:
                    return matched
        saved = saved or AlignedFacts.of(matrix, facts.saved)
        return MatrixFacts(saved, AlignedFacts.of(matrix, facts.recent))

    def _current(self) -> FactSnapshot:
        with self._database.reading() as connection:
            state = Mark.of_photos(connection)
            if self._last is None or self._last[0] != state:
                self._last = (state, self._read(connection, state))
            return self._last[1]

    def _read(self, connection: sqlite3.Connection, state: Mark) -> FactSnapshot:
        """Read what was written since the last columns; where that is much, since the saved ones.

        All is read, and saved, where that is much too.
        """
        if self._last is not None and state.since(str(self._last[0])) >= 0:
            facts = _follow(connection, self._last[1].saved, self._last[1].since)
            if facts is not None:
                return facts
        saved, mark = FactColumns.load(self.path) or (FactColumns.build([]), None)
        since = state.since(mark)
        facts = _follow(connection, saved if since >= 0 else FactColumns.build([]), since)
        if facts:
            return facts
        damaged = list[str]()
        columns = FactColumns.build(_documents(connection, NEVER, damaged))
        if damaged:  # so that the next process tells it too
            return FactSnapshot(columns, FactColumns.build([]), state.change)
        return self._save(columns, state)

    def _save(self, columns: FactColumns, state: Mark) -> FactSnapshot:
        with suppress(OSError):  # a full disk costs the next process time, and no answer
            columns.save(self.path, str(state))
            saved = FactColumns.load(self.path)
            if saved is not None and saved[1] == str(state):
                columns = saved[0]  # mapped, no longer in memory
        return FactSnapshot(columns, FactColumns.build([]), state.change)


def _follow(connection: sqlite3.Connection, saved: FactColumns, since: int) -> FactSnapshot | None:
    """Read the facts that were written after `saved`; None where they are too many."""
    written = "SELECT count(*) FROM photos WHERE version > ?"
    (count,) = connection.execute(written, (since,)).fetchone()
    if count > RECENT_PHOTOS + RECENT_SHARE * len(saved.ids):
        return None
    return FactSnapshot(saved, FactColumns.build(_documents(connection, since, [])), since)


def _documents(connection: sqlite3.Connection, since: int, damaged: list[str]) -> Iterator[Any]:
    """Yield the documents that were written after a change; name the ids of damaged ones."""
    query = selected(connection, f"SELECT {DOCUMENT} FROM photos WHERE version > ?")
    rows = connection.execute(query, (since,))
    while block := rows.fetchmany(BLOCK):
        documents = read_documents(block)
        yield from filter(None, documents)
        damaged += [
            row[0] for row, document in zip(block, documents, strict=True) if document is None
        ]
    tell_left_out(damaged)
