"""Numbers by folder in an Elasticsearch store: documents of their own in the index of files."""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic

from typing_extensions import override

from indexer.errors import NotFound
from indexer.records import LeftOut, LinksOut
from indexer.stores.checks import MOST_RESULTS
from indexer.stores.elasticsearch.bulk import Action, BulkWriter
from indexer.stores.elasticsearch.reader import IndexReader
from indexer.stores.elasticsearch.server import explained
from indexer.stores.folder_numbers import AddedUp, FolderNumbers, N

MOST_COUNTED = 40_000
"""Different things that Elasticsearch counts nearly exactly, at most."""


@dataclass(frozen=True, slots=True)
class NumberDocument(Generic[N]):
    """How numbers of one kind become documents.

    Attributes:
        record: what a document holds.
        fields: what the documents call the fields of the record.
        mark: is between folder and thing in what the document's id is made of.
    """

    record: type[N]
    fields: tuple[str, str, str]
    mark: str

    def action(self, one: N) -> Action:
        """Return what writes a record, or removes that of 0."""
        folder, thing, number = one
        name, head = f"{folder}: {thing}", {"_id": document_id(f"{folder}{self.mark}{thing}")}
        if not number:
            return Action(name, {"delete": head})
        given = dict(zip(self.fields, one, strict=True))
        return Action(name, {"index": head}, json.dumps(given))

    def aggregations(self, most: int) -> dict[str, Any]:
        """Return what adds up the numbers of all folders."""
        _, thing, number = self.fields
        total = {"total": {"sum": {"field": number}}}
        order = [{"total": "desc"}, {"_key": "asc"}]  # exact, as the index has a single shard
        terms = {"field": thing, "size": most, "order": order}
        return {
            **total,
            "kinds": {"cardinality": {"field": thing, "precision_threshold": MOST_COUNTED}},
            "most": {"terms": terms, "aggregations": total},
        }


LEFT_OUT = NumberDocument(LeftOut, ("folder", "ending", "left_out"), "\0")
LINKS_OUT = NumberDocument(LinksOut, ("folder", "leads_to", "links"), "\0\0")


@dataclass(frozen=True)
class ElasticsearchNumbers(FolderNumbers[N]):
    """The numbers of one kind.

    Attributes:
        reader, writer: of the index of files.
        add_fields: lets the index of an older store have the fields.
        document: what they become.
    """

    reader: IndexReader
    writer: BulkWriter
    add_fields: Callable[[], None]
    document: NumberDocument[N]

    @override
    def read(self) -> list[N]:
        *_, number = names = self.document.fields
        having = {"exists": {"field": number}}
        try:
            hits = list(self.reader.scan("_seq_no", True, having, MOST_RESULTS))
        except NotFound:  # as in `ElasticsearchFiles.read`
            return []
        found = (hit["_source"] for hit in hits)
        return sorted(self.document.record(*(one[name] for name in names)) for one in found)

    @override
    def put(self, numbers: Iterable[N]) -> None:
        actions = list(map(self.document.action, numbers))
        if actions:
            self.add_fields()
            self.writer.require(actions)

    def added_up(self, most: int = MOST_RESULTS) -> AddedUp:
        """Add the numbers of all folders up, and name `most` things at most."""
        with explained(self.reader.place):
            answer = self.reader.client.search(
                index=self.reader.alias, size=0, aggregations=self.document.aggregations(most)
            )
        found = answer["aggregations"]
        numbers = {one["key"]: int(one["total"]["value"]) for one in found["most"]["buckets"]}
        return AddedUp(int(found["total"]["value"]), found["kinds"]["value"], numbers)


def document_id(path: str) -> str:
    """Document ids have at most 512 bytes, paths may have 4,096."""
    return hashlib.sha256(path.encode()).hexdigest()[:40]
