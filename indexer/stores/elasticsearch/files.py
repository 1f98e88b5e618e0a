"""The file records of an Elasticsearch store: index NAME-files."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from typing_extensions import override

from indexer.errors import NotFound
from indexer.records import File
from indexer.stores.checks import MOST_RESULTS
from indexer.stores.elasticsearch.bulk import Action, BulkWriter
from indexer.stores.elasticsearch.identity import ElasticsearchIdentity
from indexer.stores.elasticsearch.reader import IndexReader
from indexer.stores.protocols import FileRecords

FIELDS = ("path", "bytes", "modified_ns", "photo", "reason")


@dataclass
class ElasticsearchFiles(FileRecords):
    """The documents of the index of files."""

    _reader: IndexReader
    _writer: BulkWriter
    _identity: ElasticsearchIdentity

    @override
    def read(self) -> Iterator[File]:
        try:
            for hit in self._reader.scan("path", True, size=MOST_RESULTS):
                yield File(**hit["_source"])
        except NotFound:  # the index was deleted: `create` makes it again, and a run fills it
            if self._identity.info() is None:
                raise

    @override
    def put(self, files: Iterable[File]) -> None:
        self._writer.require(map(_put, files))

    @override
    def delete(self, paths: Iterable[str]) -> None:
        self._writer.require(Action(path, {"delete": {"_id": _id(path)}}) for path in paths)


def _put(file: File) -> Action:
    given = {name: value for name in FIELDS if (value := getattr(file, name)) is not None}
    return Action(file.path, {"index": {"_id": _id(file.path)}}, json.dumps(given))


def _id(path: str) -> str:
    """Document ids have at most 512 bytes, paths may have 4,096."""
    return hashlib.sha256(path.encode()).hexdigest()[:40]
