"""The vectors of an Elasticsearch store in a local memory-mapped file, kept up to date."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from indexer.derived.locations import cache_folder
from indexer.derived.vector_file import VectorFile
from indexer.derived.vectors import Vectors
from indexer.errors import StoreAway
from indexer.records import Vector
from indexer.stores.elasticsearch.reader import IndexReader

OVERLAP = 1000
"""More writes than can be in progress at once."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far the writes to an index have come; every write and delete has a number.

    Attributes:
        safe: all writes up to this number are on every copy, and are never taken back.
        last: the newest write.
    """

    safe: int
    last: int

    @classmethod
    def of_primaries(cls, numbers: Sequence[dict[str, Any]]) -> Self:
        """Read the statistics "seq_no" of the primary shards; the slowest one counts."""
        return cls(
            min(number["global_checkpoint"] for number in numbers),
            sum(number["max_seq_no"] for number in numbers),
        )

    def since(self, mark: str | None) -> int:
        """Return the last write that a file marked `mark` surely has; -1 if it is of no use."""
        if mark is None:
            return -1
        safe, last = (int(number) for number in mark.split(":"))
        if safe > self.safe or last > self.last:  # an older copy of the index was restored
            return -1
        return safe

    def __str__(self) -> str:
        return f"{self.safe}:{self.last}"


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
        for index in self._reader.statistics("shards")["indices"].values():
            copies = [copy for shard in index["shards"].values() for copy in shard]
            primaries = [copy["seq_no"] for copy in copies if copy["routing"]["primary"]]
            return index["uuid"], Checkpoint.of_primaries(primaries)
        raise self._reader.red()  # no shard could be asked

    def _folder(self, uuid: str) -> Path:
        return cache_folder() / "elasticsearch" / uuid

    def _update(self, folder: Path, dimensions: int, state: Checkpoint) -> Vectors:
        try:
            file = VectorFile(folder, dimensions)
            if file.state != str(state):
                self._apply(file, state)
        except OSError as error:
            raise StoreAway(
                f"the vectors cannot be kept in {folder} ({error.strerror}): free space there, "
                "or name another folder in MAGPIE_CACHE"
            ) from error
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
        yield source["id"], np.asarray(source["vector"], np.float32)
