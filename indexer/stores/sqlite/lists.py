"""The stored neighbour lists of an SQLite store: a column of the table of photos."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from typing_extensions import override

from indexer.batches import batched
from indexer.records import Neighbour
from indexer.stores.protocols import NeighbourLists
from indexer.stores.sqlite.database import AFTER, AMONG, BATCH, Database, as_json
from indexer.stores.sqlite.marks import Mark
from indexer.stores.sqlite.rows import decode_neighbours, encode_neighbours

SELECT = "SELECT id, neighbours FROM photos WHERE "

NEWER = "SELECT id FROM photos WHERE version > ?"
"""A query of its own, because SQLite would look at every photo to have them ordered by id."""


@dataclass
class SqliteLists(NeighbourLists):
    """The column `neighbours` of the table of photos."""

    _database: Database

    @override
    def read(self, since: str | None = None) -> Iterator[tuple[str, tuple[Neighbour, ...]]]:
        with self._database.reading() as connection:
            after = Mark.of_photos(connection).since(since)
        pages = self._newer(after) if after >= 0 else self._database.pages(SELECT + AFTER, BATCH)
        for rows in pages:
            yield from ((id, decode_neighbours(blob)) for id, blob in rows)

    def _newer(self, change: int) -> Iterator[list[tuple[str, bytes]]]:
        """Yield the rows that were written after a change, some at a time."""
        with self._database.reading() as connection:
            newer = sorted(id for (id,) in connection.execute(NEWER, (change,)))
        for ids in batched(newer, BATCH):
            with self._database.reading() as connection:
                rows = connection.execute(f"{SELECT}{AMONG} ORDER BY id", (as_json(ids),))
                yield rows.fetchall()

    @override
    def replace(self, lists: Mapping[str, Sequence[Neighbour]]) -> None:
        for batch in batched(lists.items(), BATCH):
            rows = [(encode_neighbours(near), id) for id, near in batch]
            with self._database.changing() as (connection, change):
                query = f"UPDATE photos SET neighbours = ?, version = {change} WHERE id = ?"
                connection.executemany(query, rows)
