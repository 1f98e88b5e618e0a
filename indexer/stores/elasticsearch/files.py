"""The file records of an Elasticsearch store: index NAME-files."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields

from typing_extensions import override

import mappings
from indexer.errors import NotFound
from indexer.photos.left_out import by_ending
from indexer.records import MOST_FOLDERS, File, LeftOut, LinkCounts, LinksOut
from indexer.stores.checks import MOST_RESULTS
from indexer.stores.elasticsearch.bulk import Action, BulkWriter
from indexer.stores.elasticsearch.identity import ElasticsearchIdentity
from indexer.stores.elasticsearch.indices import add_fields
from indexer.stores.elasticsearch.reader import IndexReader
from indexer.stores.elasticsearch.server import explained
from indexer.stores.photo_protocols import FileRecords

FIELDS = tuple(field.name for field in fields(File))
FILES = {"exists": {"field": "path"}}
LEFT_OUT = {"exists": {"field": "left_out"}}
LINKS_OUT = {"exists": {"field": "leads_to"}}
ROOTS = {"exists": {"field": "root"}}
"""Queries for the four kinds of documents."""

BY_ENDING = {
    "terms": {"field": "ending", "size": MOST_RESULTS},
    "aggregations": {"files": {"sum": {"field": "left_out"}}},
}
LINKS = {"sum": {"field": "links"}}
LINK_COUNTS = {
    "links": LINKS,
    "folders": {"cardinality": {"field": "leads_to", "precision_threshold": 40_000}},
    "most": {
        "terms": {
            "field": "leads_to",
            "size": MOST_FOLDERS,
            "order": [{"links": "desc"}, {"_key": "asc"}],  # exact, as the index has one shard
        },
        "aggregations": {"links": LINKS},
    },
}


@dataclass
class ElasticsearchFiles(FileRecords):
    """The documents of the index of files."""

    _reader: IndexReader
    _writer: BulkWriter
    _identity: ElasticsearchIdentity
    _has_fields: bool = False

    @override
    def read(self) -> Iterator[File]:
        try:
            for hit in self._reader.scan("path", True, FILES, MOST_RESULTS):
                yield File(**hit["_source"])
        except NotFound:  # the index was deleted: `create` makes it again, and a run fills it
            if self._identity.info() is None:
                raise

    @override
    def left_out(self) -> list[LeftOut]:
        try:
            hits = list(self._reader.scan("_seq_no", True, LEFT_OUT, MOST_RESULTS))
        except NotFound:  # as in `read`
            return []
        found = (hit["_source"] for hit in hits)
        records = [LeftOut(one["folder"], one["ending"], one["left_out"]) for one in found]
        return sorted(records, key=lambda one: (one.folder, one.ending))

    @override
    def put_left_out(self, left_out: Iterable[LeftOut]) -> None:
        actions = [_count(one) for one in left_out]
        if not actions:
            return
        self._add_fields()
        self._writer.require(actions)

    @override
    def links_out(self) -> list[LinksOut]:
        try:
            hits = list(self._reader.scan("_seq_no", True, LINKS_OUT, MOST_RESULTS))
        except NotFound:  # as in `read`
            return []
        found = (hit["_source"] for hit in hits)
        records = [LinksOut(one["folder"], one["leads_to"], one["links"]) for one in found]
        return sorted(records, key=lambda one: (one.folder, one.leads_to))

    @override
    def put_links_out(self, links_out: Iterable[LinksOut]) -> None:
        actions = [_links(one) for one in links_out]
        if actions:
            self._add_fields()
            self._writer.require(actions)

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

    def count_left_out(self) -> dict[str, int]:
        """Return ending -> files that were left out, most first."""
        with explained(self._reader.place):
            answer = self._reader.client.search(
                index=self._reader.alias, size=0, aggregations={"endings": BY_ENDING}
            )
        buckets = answer["aggregations"]["endings"]["buckets"]
        return by_ending(LeftOut("", one["key"], int(one["files"]["value"])) for one in buckets)

    def count_links_out(self) -> LinkCounts:
        """Count the links that lead out of the library."""
        with explained(self._reader.place):
            answer = self._reader.client.search(
                index=self._reader.alias, size=0, aggregations=LINK_COUNTS
            )
        found = answer["aggregations"]
        most = {one["key"]: int(one["links"]["value"]) for one in found["most"]["buckets"]}
        return LinkCounts(int(found["links"]["value"]), found["folders"]["value"], most)

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
        self._writer.require(Action(path, {"delete": {"_id": _id(path)}}) for path in paths)


def _put(file: File) -> Action:
    given = {name: value for name in FIELDS if (value := getattr(file, name)) is not None}
    return Action(file.path, {"index": {"_id": _id(file.path)}}, json.dumps(given))


def _count(one: LeftOut) -> Action:
    name = f"{one.folder}/*{one.ending}"
    head = {"_id": _id(f"{one.folder}\0{one.ending}")}
    if not one.files:
        return Action(name, {"delete": head})
    given = {"folder": one.folder, "ending": one.ending, "left_out": one.files}
    return Action(name, {"index": head}, json.dumps(given))


def _links(one: LinksOut) -> Action:
    head = {"_id": _id(f"{one.folder}\0\0{one.leads_to}")}
    if not one.links:
        return Action(one.leads_to, {"delete": head})
    given = {"folder": one.folder, "leads_to": one.leads_to, "links": one.links}
    return Action(one.leads_to, {"index": head}, json.dumps(given))


def _root(folder: str, verb: str) -> Action:
    body = json.dumps({"root": folder}) if verb == "index" else None
    return Action(folder, {verb: {"_id": _id(f"{folder}\0")}}, body)


def _id(path: str) -> str:
    """Document ids have at most 512 bytes, paths may have 4,096."""
    return hashlib.sha256(path.encode()).hexdigest()[:40]
