"""How far the writes to an index have come, which the server tells without a search."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from indexer.stores.elasticsearch.reader import IndexReader


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


def read_checkpoint(reader: IndexReader) -> tuple[str, Checkpoint]:
    """Return the id that the server gave an index when it was made, and how far its writes are.

    Writes count before a refresh shows them to searches.

    Raises:
        NotFound: there is no such index.
        StoreAway: no copy of it can be asked.
    """
    for index in reader.shards()["indices"].values():
        copies = [copy for shard in index["shards"].values() for copy in shard]
        primaries = [copy["seq_no"] for copy in copies if copy["routing"]["primary"]]
        if primaries:
            return index["uuid"], Checkpoint.of_primaries(primaries)
    raise reader.red()  # no shard could be asked
