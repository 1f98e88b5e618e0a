"""Photos that go from one SQLite store to another as they are, without being unpacked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from typing_extensions import override

from indexer.batches import batched
from indexer.records import Failure
from indexer.stores.photo_protocols import PackedPair, PackedPhoto
from indexer.stores.sqlite.database import AFTER, BATCH, Database
from indexer.stores.sqlite.labels.numbers import LabelNumbers
from indexer.stores.sqlite.photo_writer import PhotoWriter
from indexer.stores.sqlite.row_checksums import is_photos, selected
from indexer.stores.sqlite.rows import PHOTO, check_row, encode_neighbours


@dataclass(frozen=True, slots=True)
class SqlitePair(PackedPair):
    """Two files of the same layout, in which labels have the same numbers."""

    _from: Database
    _to: Database

    @override
    def source(self) -> Iterator[PackedPhoto]:
        return _scan(self._from)

    @override
    def target(self) -> Iterator[PackedPhoto]:
        return _scan(self._to)

    @override
    def put(self, photos: Iterable[PackedPhoto]) -> list[Failure]:
        failures = []
        for batch in batched(photos, BATCH):
            numbers = _numbers(self._from)  # after its photos, so that it has all their labels
            with self._to.changing() as (connection, change):
                writer = PhotoWriter(connection, change)
                writer.labels.extend(numbers, connection)
                failures += [failure for one in batch if (failure := writer.put_packed(one))]
        return failures


def packed(source: Database, target: Database) -> SqlitePair | None:
    """Return both as a pair, None where bytes would mean something else in the other."""
    here, there = _numbers(source), _numbers(target)
    same = here.layout == there.layout and here.wnids[: len(there.wnids)] == there.wnids
    return SqlitePair(source, target) if same else None


def _numbers(database: Database) -> LabelNumbers:
    with database.reading() as connection:
        return LabelNumbers.read(connection)


def _scan(database: Database) -> Iterator[PackedPhoto]:
    with database.reading() as connection:
        query = selected(connection, PHOTO + AFTER)
    for rows in database.pages(query, BATCH):
        for row in rows:
            check_row(row)  # or the other file would vouch for what was damaged in this one
            id, _, version, document, _, labels, _, near, checksum, vector, _ = row
            near = near if is_photos(id, near, checksum) else encode_neighbours(())
            yield PackedPhoto(id, str(version), (document, labels, near, vector))
