"""The file records of an SQLite store."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from typing_extensions import override

from indexer.batches import batched
from indexer.records import File
from indexer.stores.protocols import FileRecords
from indexer.stores.sqlite.database import BATCH, Database, as_json


@dataclass
class SqliteFiles(FileRecords):
    """The table of files."""

    _database: Database

    @override
    def read(self) -> Iterator[File]:
        query = "SELECT path, bytes, modified_ns, photo, reason FROM files "
        for rows in self._database.pages(query + "WHERE path > ? ORDER BY path", BATCH):
            yield from (File(*row) for row in rows)

    @override
    def put(self, files: Iterable[File]) -> None:
        for batch in batched(files, BATCH):
            rows = [(f.path, f.bytes, f.modified_ns, f.photo, f.reason) for f in batch]
            with self._database.writing() as connection:
                connection.executemany("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)", rows)

    @override
    def delete(self, paths: Iterable[str]) -> None:
        with self._database.writing() as connection:
            query = "DELETE FROM files WHERE path IN (SELECT value FROM json_each(?))"
            connection.execute(query, (as_json(paths),))
