"""The log of searches of an Elasticsearch store: index NAME-searches."""

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

import elasticsearch
from typing_extensions import override

from indexer.errors import NotFound
from indexer.queries import Searched, Wanted
from indexer.stores.elasticsearch.bulk import Action, BulkWriter
from indexer.stores.elasticsearch.indices import need_index
from indexer.stores.elasticsearch.reader import IndexReader
from indexer.stores.elasticsearch.server import explained
from indexer.stores.log_protocols import SearchLog
from indexer.stores.urls import Address

PAGE = 1000

EXISTS = 409
"""Refused, because the search is in the log already."""


class ElasticsearchSearches(SearchLog):
    """The documents of the index of searches."""

    def __init__(self, client: elasticsearch.Elasticsearch, address: Address) -> None:
        """Ask nothing yet."""
        self._client = client
        self._address = address
        self._alias = f"{address.name}-searches"
        self._reader = IndexReader(client, self._alias, address.location)
        self._writer = BulkWriter(client, self._alias, address.location)

    @override
    def append(self, searches: Iterable[Searched]) -> None:
        need_index(self._client, self._address, "searches")
        self._writer.require(map(_create, searches), but=(EXISTS,))

    @override
    def read(self) -> Iterator[Searched]:
        try:
            self._reader.refresh()
            for hit in self._reader.scan("_seq_no", True, size=PAGE):
                yield _searched(hit["_source"], hit["sort"][0] + 1)
        except NotFound:
            return

    @override
    def remove(self, numbers: Iterable[int]) -> None:
        gone = set(numbers)
        hits = list(self._reader.scan("_seq_no", True, size=PAGE)) if gone else []
        ids = [hit["_id"] for hit in hits if hit["sort"][0] + 1 in gone]
        self._writer.require(Action(id, {"delete": {"_id": id}}) for id in ids)

    @override
    def count(self) -> int:
        try:
            self._reader.refresh()
            return self._reader.count()
        except NotFound:
            return 0

    @override
    def wanted(self, limit: int) -> list[Wanted]:
        try:
            self._reader.refresh()
            with explained(self._address.location):
                answer = self._client.search(
                    index=self._alias,
                    size=0,
                    aggregations={"words": {"terms": {"field": "unfamiliar", "size": limit}}},
                )
        except NotFound:
            return []
        buckets = answer["aggregations"]["words"]["buckets"]
        return [Wanted(bucket["key"], bucket["doc_count"]) for bucket in buckets]


def _create(one: Searched) -> Action:
    document = asdict(one)
    number = document.pop("number")
    # An id of its own, so that a search that is sent again, as its answer was lost, is one.
    head = {"_id": str(number) if number else f"s{secrets.token_hex(10)}"}
    return Action(one.time, {"create": head}, json.dumps(document))


def _searched(document: Mapping[str, Any], number: int) -> Searched:
    return Searched(**{**document, "unfamiliar": tuple(document["unfamiliar"])}, number=number)
