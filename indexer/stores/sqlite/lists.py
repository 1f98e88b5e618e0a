"""The stored neighbour lists of an SQLite store: a column of the table of photos."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from typing_extensions import override

from indexer.batches import batched
from indexer.records import Neighbour
from indexer.stores.photo_protocols import NeighbourLists
from indexer.stores.sqlite.database import AFTER, AMONG, BATCH, Database, as_json
from indexer.stores.sqlite.marks import Mark
from indexer.stores.sqlite.row_checksums import add_columns, of_photo, selected
from indexer.stores.sqlite.rows import encode_neighbours, intact_neighbours

SELECT = "SELECT id, neighbours, neighbours_checksum FROM photos WHERE "

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
            select = selected(connection, SELECT)
        pages = self._newer(after) if after >= 0 else self._database.pages(select + AFTER, BATCH)
        for rows in pages:
            yield from ((row[0], intact_neighbours(*row)) for row in rows)

    def _newer(self, change: int) -> Iterator[list[tuple[str, bytes, int | None]]]:
        """Yield the rows that were written after a change, some at a time."""
        with self._database.reading() as connection:
            newer = sorted(id for (id,) in connection.execute(NEWER, (change,)))
        for ids in batched(newer, BATCH):
            with self._database.reading() as connection:
                query = selected(connection, f"{SELECT}{AMONG} ORDER BY id")
                rows = connection.execute(query, (as_json(ids),)).fetchall()
            yield rows

    @override
    def replace(self, lists: Mapping[str, Sequence[Neighbour]]) -> None:
        for batch in batched(lists.items(), BATCH):
            blobs = [(id, encode_neighbours(near)) for id, near in batch]
            rows = [(blob, of_photo(id, blob), id) for id, blob in blobs]
            with self._database.changing() as (connection, change):
                add_columns(connection)
                query = (
                    "UPDATE photos SET neighbours = ?, neighbours_checksum = ?, "
                    f"version = {change} WHERE id = ?"
                )
                connection.executemany(query, rows)
