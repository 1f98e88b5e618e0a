"""The photos of an SQLite store."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from typing_extensions import override

from indexer.batches import batched
from indexer.derived.vectors import Vectors
from indexer.errors import NotFound
from indexer.records import Failure, Photo
from indexer.stores.photo_protocols import PackedPair, Photos
from indexer.stores.sqlite.database import AFTER, AMONG, BATCH, Database, as_json
from indexer.stores.sqlite.labels.numbers import KnownNumbers, LabelNumbers
from indexer.stores.sqlite.marks import Mark
from indexer.stores.sqlite.packed import packed
from indexer.stores.sqlite.photo_writer import PhotoRow, PhotoWriter
from indexer.stores.sqlite.previews import paths_of_previews, remove_photos
from indexer.stores.sqlite.row_checksums import selected
from indexer.stores.sqlite.rows import PHOTO, decode_paths, decode_photo
from indexer.stores.sqlite.vectors import SqliteVectors


@dataclass
class SqlitePhotos(Photos):
    """The table of photos, with labels and vectors."""

    _database: Database
    _numbers: KnownNumbers
    _vectors: SqliteVectors

    @override
    def put(self, photos: Iterable[Photo]) -> list[Failure]:
        failures = []
        for batch in batched(map(PhotoRow.of, photos), BATCH):
            with self._database.changing() as (connection, change):
                writer = PhotoWriter(connection, change)
                failures += [failure for row in batch if (failure := writer.put(row))]
        return failures

    @override
    def get(self, ids: Iterable[str]) -> dict[str, Photo]:
        with self._database.reading() as connection:
            labels = self._numbers.current(connection)
            rows = connection.execute(selected(connection, PHOTO + AMONG), (as_json(ids),))
            return {row[0]: decode_photo(row, labels) for row in rows}

    @override
    def existing(self, ids: Iterable[str]) -> set[str]:
        with self._database.reading() as connection:
            rows = connection.execute("SELECT id FROM photos WHERE " + AMONG, (as_json(ids),))
            return {id for (id,) in rows}

    @override
    def delete(self, ids: Iterable[str]) -> None:
        with self._database.changing() as (connection, _):
            remove_photos(connection, as_json(ids))

    @override
    def count(self) -> int:
        try:
            with self._database.reading() as connection:
                (number,) = connection.execute("SELECT count(*) FROM photos").fetchone()
        except NotFound:
            return 0
        return int(number)

    @override
    def scan(self) -> Iterator[Photo]:
        rows, labels = self._page("")
        while rows:
            # One at a time: thousands of labels that wait are work for Python's garbage collector.
            yield from (decode_photo(row, labels) for row in rows)
            rows, labels = self._page(after=rows[-1][0])

    def _page(self, after: str) -> tuple[list[Any], LabelNumbers]:
        with self._database.reading() as connection:
            labels = self._numbers.current(connection)  # of the file that the rows are of
            query = selected(connection, f"{PHOTO}{AFTER} LIMIT {BATCH}")
            return connection.execute(query, (after,)).fetchall(), labels

    @override
    def packed(self, target: Photos) -> PackedPair | None:
        return (
            packed(self._database, target._database) if isinstance(target, SqlitePhotos) else None
        )

    @override
    def paths(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        query = "SELECT id, json_extract(document, '$.paths') FROM photos WHERE "
        for rows in self._database.pages(query + AFTER, BATCH):
            yield from ((id, decode_paths(paths)) for id, paths in rows)

    @override
    def previews(self) -> dict[str, tuple[str, ...]]:
        with self._database.reading() as connection:
            return paths_of_previews(connection)

    @override
    def vectors(self) -> Vectors:
        return self._vectors.current()

    @override
    def state(self) -> str:
        with self._database.reading() as connection:
            return str(Mark.of_photos(connection))
