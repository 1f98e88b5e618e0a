"""The search log of an Elasticsearch store: index NAME-searches, made with the first search."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

import elasticsearch

from indexer.errors import NotFound
from indexer.records import Searched, Wanted
from indexer.stores.elasticsearch.bulk import Action, BulkWriter
from indexer.stores.elasticsearch.index import need_index
from indexer.stores.elasticsearch.reader import Reader
from indexer.stores.elasticsearch.server import Address, explain_refusal, explained

PAGE = 1000


class SearchIndex:
    """A `SearchLog` in an index of its own."""

    def __init__(self, client: elasticsearch.Elasticsearch, address: Address) -> None:
        """Ask nothing yet."""
        self._client = client
        self._address = address
        self._alias = f"{address.name}-searches"
        self._reader = Reader(client, self._alias, address.location)
        self._writer = BulkWriter(client, self._alias, address.location)

    def append(self, searches: Iterable[Searched]) -> None:
        """See `SearchLog`."""
        need_index(self._client, self._address, "searches")
        for refusal in self._writer.write(map(_create, searches)):
            if refusal.status != 409:  # it is there already
                raise explain_refusal(refusal.status, refusal.error, self._address.location)

    def read(self) -> Iterator[Searched]:
        """See `SearchLog`."""
        try:
            self._reader.refresh()
            for hit in self._reader.scan("_seq_no", True, size=PAGE):
                yield _searched(hit["_source"], hit["sort"][0] + 1)
        except NotFound:
            return

    def count(self) -> int:
        """See `SearchLog`."""
        try:
            self._reader.refresh()
            return self._reader.count()
        except NotFound:
            return 0

    def wanted(self, limit: int) -> list[Wanted]:
        """See `SearchLog`."""
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
    head = {"_id": str(number)} if number else {}
    return Action(one.time, {"create": head}, json.dumps(document))


def _searched(document: Mapping[str, Any], number: int) -> Searched:
    return Searched(**{**document, "unfamiliar": tuple(document["unfamiliar"])}, number=number)
