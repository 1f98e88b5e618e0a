"""The labels of all photos, most of them in a file beside the store, kept up to date.

The file may be deleted at any time, and is then rebuilt.
"""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.facets import Facets
from indexer.filters import Filter
from indexer.kinds import Order
from indexer.queries import Line, Query, TimeKey
from indexer.stores.sqlite.database import Database
from indexer.stores.sqlite.facts.columns import FactColumns
from indexer.stores.sqlite.facts.counting import facets_of
from indexer.stores.sqlite.facts.index import FactIndex
from indexer.stores.sqlite.labels.by_time import Timed, first_or_last, score_by_time
from indexer.stores.sqlite.labels.filtering import Facts, rows_left
from indexer.stores.sqlite.labels.joining import join
from indexer.stores.sqlite.labels.likely import RankedIds, ranked_by_score, ranked_by_time
from indexer.stores.sqlite.labels.matrix import LabelMatrix, Rows
from indexer.stores.sqlite.labels.numbers import LabelNumbers
from indexer.stores.sqlite.labels.scoring import (
    Scored,
    best,
    score,
    score_hits,
)
from indexer.stores.sqlite.marks import Mark, deleted_since
from indexer.stores.sqlite.row_checksums import selected, tell_left_out

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
        is_whole: whether no photo is left out because its labels were damaged.
    """

    state: Mark
    saved: LabelMatrix
    gone: Rows
    recent: LabelMatrix
    is_whole: bool = True

    def ids(self, filters: Sequence[Filter], facts: FactIndex) -> NDArray[np.bytes_]:
        """Return the ids of the photos that no filter leaves out, in ascending order."""
        parts = [
            matrix.ids[rows_left(matrix, filters, gone, known)]
            for matrix, gone, known in self._parts(facts)
        ]
        return np.sort(np.concatenate(parts))

    def rank(self, query: Query, facts: FactIndex) -> list[tuple[str, float]]:
        """Return ids and scores of the slice that the query asks for."""
        if query.order != Order.SCORE:
            return first_or_last(self._timed(query, facts), query).scored.pairs()
        return best(self._scored(query, facts), query.limit, query.offset)

    def listed(self, query: Query, after: TimeKey | None, facts: FactIndex) -> list[TimeKey]:
        """Return where the next hits stand in a list by time."""
        hits = first_or_last(self._timed(query, facts, after), query)
        names = [id.decode() for id in hits.scored.ids.tolist()]
        return list(zip(hits.taken.tolist(), names, strict=True))

    def rank_to(self, query: Query, line: Line, only_likely: bool, facts: FactIndex) -> RankedIds:
        """Return the slice that the query asks for, and where its likely hits end."""
        if query.order != Order.SCORE:
            return ranked_by_time(self._timed(query, facts), query, line, only_likely)
        return ranked_by_score(self._scored(query, facts), query, line, only_likely)

    def _scored(self, query: Query, facts: FactIndex) -> list[Scored]:
        return [score(matrix, query, gone, known) for matrix, gone, known in self._parts(facts)]

    def _timed(self, query: Query, facts: FactIndex, after: TimeKey | None = None) -> list[Timed]:
        parts = self._parts(facts)
        return [score_by_time(matrix, query, gone, known, after) for matrix, gone, known in parts]

    def count(self, query: Query, facts: FactIndex) -> Facets:
        """Count the hits of the query by their facts."""
        counted: list[tuple[FactColumns, Rows]] = []
        for matrix, gone, known in self._parts(facts):
            rows, _ = score_hits(matrix, query, gone, known)
            counted += known().split(rows)
        return facets_of(counted)

    def _parts(self, facts: FactIndex) -> list[tuple[LabelMatrix, Rows, Facts]]:
        """Both matrices, their rows that are not hits, and how to get their facts."""
        known = cache(lambda: facts.of(self.saved, self.recent))
        return [
            (self.saved, self.gone, lambda: known()[0]),
            (self.recent, NONE, lambda: known()[1]),
        ]

    @property
    def is_far(self) -> bool:
        """Whether so much was written since that it should be saved."""
        saved, changes = len(self.saved.ids), len(self.gone) + len(self.recent.ids)
        return changes > (RECENT_PHOTOS + RECENT_SHARE * saved if saved else 0)

    def follow(self, connection: sqlite3.Connection, state: Mark) -> "LabelSnapshot":
        """Return the labels in a later state, reading only what was written in between."""
        damaged = list[str]()
        parts = list(_read_labels(connection, self.state.change, damaged))
        ids = {id.decode() for part in parts for id in part.ids.tolist()}
        ids.update(deleted_since(connection, self.state.change))
        replaced = self.recent.rows_of(ids)
        recent = join([(self.recent, replaced), *((part, NONE) for part in parts)])
        gone = np.union1d(self.gone, self.saved.rows_of(ids))
        return LabelSnapshot(state, self.saved, gone, recent, self.is_whole and not damaged)

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
        return self._database.derived("labels")

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
        none = LabelMatrix.build([], [], [])
        if not snapshot.is_whole:  # so that the next process tells it too
            return LabelSnapshot(snapshot.state, matrix, NONE, none, is_whole=False)
        with suppress(OSError):  # a full disk costs the next process time, and no answer
            matrix.save(self.path, mark)
            saved = LabelMatrix.load(self.path)
            if saved is not None and saved[1] == mark:
                matrix = saved[0]  # mapped, no longer in memory
        return LabelSnapshot(snapshot.state, matrix, NONE, none)


def _read_labels(
    connection: sqlite3.Connection, since: int, damaged: list[str]
) -> Iterator[LabelMatrix]:
    """Yield the labels that were written after a change; name the ids of damaged ones."""
    numbers = LabelNumbers.read(connection)
    query = "SELECT id, labels, labels_checksum FROM photos WHERE content > ?"
    rows = connection.execute(selected(connection, query), (since,))
    while block := rows.fetchmany(BLOCK):
        sound = [row for row in block if numbers.are_sound(*row)]
        if len(sound) < len(block):
            damaged += sorted({id for id, *_ in block} - {id for id, *_ in sound})
        ids, entries = [id for id, _, _ in sound], [entry for _, entry, _ in sound]
        yield LabelMatrix.build(ids, entries, numbers.wnids, numbers.layout)
    tell_left_out(damaged)
