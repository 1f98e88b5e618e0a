"""The file records of an Elasticsearch store: index NAME-files."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields

from typing_extensions import override

import mappings
from indexer.errors import NotFound
from indexer.records import File
from indexer.stores.checks import MOST_RESULTS
from indexer.stores.elasticsearch.bulk import Action, BulkWriter
from indexer.stores.elasticsearch.folder_numbers import (
    LEFT_OUT,
    LINKS_OUT,
    ElasticsearchNumbers,
    document_id,
)
from indexer.stores.elasticsearch.identity import ElasticsearchIdentity
from indexer.stores.elasticsearch.indices import add_fields
from indexer.stores.elasticsearch.reader import IndexReader
from indexer.stores.elasticsearch.server import explained
from indexer.stores.photo_protocols import FileRecords

FIELDS = tuple(field.name for field in fields(File))
FILES = {"exists": {"field": "path"}}
ROOTS = {"exists": {"field": "root"}}
"""Queries for two of the four kinds of documents; see folder_numbers.py for the others."""


@dataclass
class ElasticsearchFiles(FileRecords):
    """The documents of the index of files."""

    _reader: IndexReader
    _writer: BulkWriter
    _identity: ElasticsearchIdentity
    _has_fields: bool = False

    def __post_init__(self) -> None:
        """Name what numbers by folder become."""
        shared = self._reader, self._writer, self._add_fields
        self.left_out = ElasticsearchNumbers(*shared, LEFT_OUT)
        self.links_out = ElasticsearchNumbers(*shared, LINKS_OUT)

    @override
    def read(self) -> Iterator[File]:
        try:
            for hit in self._reader.scan("path", True, FILES, MOST_RESULTS):
                yield File(**hit["_source"])
        except NotFound:  # the index was deleted: `create` makes it again, and a run fills it
            if self._identity.info() is None:
                raise

    @override
    def roots(self) -> list[str]:
        try:
            hits = list(self._reader.scan("_seq_no", True, ROOTS, MOST_RESULTS))
        except NotFound:  # as in `read`
            return []
        return sorted(hit["_source"]["root"] for hit in hits)

    @override
    def put_roots(self, folders: Iterable[str]) -> None:
        actions = [_root(folder, "index") for folder in folders]
        if actions:
            self._add_fields()
            self._writer.require(actions)

    @override
    def delete_roots(self, folders: Iterable[str]) -> None:
        self._writer.require((_root(folder, "delete") for folder in folders), but=(404,))

    @override
    def put(self, files: Iterable[File]) -> None:
        def actions() -> Iterator[Action]:
            for file in files:
                self._add_fields()
                yield _put(file)

        self._writer.require(actions())

    def _add_fields(self) -> None:
        """Let the index of an older store have today's fields."""
        if self._has_fields:  # runs write records again and again
            return
        with explained(self._reader.place):
            add_fields(self._reader.client, self._reader.alias, mappings.load("files"))
        self._has_fields = True

    @override
    def delete(self, paths: Iterable[str]) -> None:
        self._writer.require(Action(path, {"delete": {"_id": document_id(path)}}) for path in paths)


def _put(file: File) -> Action:
    given = {name: value for name in FIELDS if (value := getattr(file, name)) is not None}
    return Action(file.path, {"index": {"_id": document_id(file.path)}}, json.dumps(given))


def _root(folder: str, verb: str) -> Action:
    body = json.dumps({"root": folder}) if verb == "index" else None
    return Action(folder, {verb: {"_id": document_id(f"{folder}\0")}}, body)
