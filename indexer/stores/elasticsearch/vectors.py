"""The vectors of an Elasticsearch store in a local memory-mapped file, kept up to date."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from indexer.derived.locations import cache_folder
from indexer.derived.vector_file import VectorFile
from indexer.derived.vectors import Vectors
from indexer.errors import StoreAway
from indexer.halves import rounded
from indexer.records import Vector
from indexer.stores.checks import NOT_KEPT
from indexer.stores.elasticsearch.checkpoints import Checkpoint, read_checkpoint
from indexer.stores.elasticsearch.reader import IndexReader

OVERLAP = 1000
"""More writes than can be in progress at once."""


class ElasticsearchVectors:
    """Keeps the memory-mapped vectors of a store. One object serves all threads."""

    def __init__(self, reader: IndexReader) -> None:
        """Read nothing yet."""
        self._reader = reader
        self._lock = threading.Lock()
        self._known: tuple[str, Checkpoint] | None = None
        self._vectors: Vectors

    def current(self, dimensions: int) -> Vectors:
        """Return the vectors as the store has them now, other processes' writes included.

        Raises:
            StoreAway: the server is away, or the file cannot be written.
        """
        with self._lock:
            # Read before the photos are, so that later writes are read again next time.
            known = uuid, state = self._state()
            if self._known != known:
                self._vectors = self._update(self._folder(uuid), dimensions, state)
                self._known = known
            return self._vectors

    def derived(self, name: str) -> Path:
        """Return the path of another file of the same store."""
        return self._folder(self.token()) / name

    def token(self) -> str:
        """Return the id that the server gave the index when it was made."""
        return self._state()[0]

    def state(self) -> str:
        """Return the index and its last write as one text."""
        uuid, state = self._state()
        return f"{uuid}:{state.last}"  # `safe` grows without a write

    def newer(self, since: str) -> dict[str, Any] | None:
        """Return the query for what was written after a state; None where it cannot tell."""
        uuid, _, last = since.rpartition(":")
        # Writes that were in progress when it was read have smaller numbers.
        newer = {"range": {"_seq_no": {"gt": int(last) - OVERLAP}}}
        return newer if uuid == self.token() else None

    def size(self) -> int:
        """Return the bytes of the files on this machine."""
        folder = self._folder(self.token())
        return sum(file.stat().st_size for file in folder.glob("*"))

    def _state(self) -> tuple[str, Checkpoint]:
        """The token of the index, and its state."""
        return read_checkpoint(self._reader)

    def _folder(self, uuid: str) -> Path:
        return cache_folder() / "elasticsearch" / uuid

    def _update(self, folder: Path, dimensions: int, state: Checkpoint) -> Vectors:
        try:
            file = VectorFile(folder, dimensions)
            if file.state != str(state):
                self._apply(file, state)
        except OSError as error:
            raise StoreAway(NOT_KEPT.format(folder=folder, error=error.strerror)) from error
        return file.load()

    def _apply(self, file: VectorFile, state: Checkpoint) -> None:
        since = state.since(file.state)
        if since < 0:
            file.reset()
        self._reader.refresh()
        newer = {"range": {"_seq_no": {"gt": since}}}
        removed = self._removed(file.load().ids, newer)
        changed = self._reader.scan("id", {"includes": ["id", "vector"]}, query=newer)
        file.apply(_pairs(changed), removed, str(state))

    def _removed(self, mirrored: Sequence[str], newer: dict[str, Any]) -> set[str]:
        """Ids that left the index, which does not list them: all its ids may have to be read."""
        possible = {*mirrored, *self._ids(newer)}
        if len(possible) == self._reader.count():
            return set()
        return possible.difference(self._ids({"match_all": {}}))

    def _ids(self, query: dict[str, Any]) -> Iterator[str]:
        # The sort values are the ids, so that no document needs to be opened.
        for hit in self._reader.scan("id", False, query=query, size=10_000):
            yield hit["sort"][0]


def _pairs(hits: Iterator[dict[str, Any]]) -> Iterator[tuple[str, Vector]]:
    for hit in hits:
        source = hit["_source"]
        yield source["id"], rounded(np.asarray(source["vector"], np.float32))
