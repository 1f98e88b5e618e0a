"""The search log of an Elasticsearch store: index NAME-searches, made with the first search."""

import json
from collections.abc import Iterable
from dataclasses import asdict

import elasticsearch

from indexer.errors import NotFound
from indexer.records import Searched, Wanted
from indexer.stores.elasticsearch_bulk import Action, BulkWriter
from indexer.stores.elasticsearch_index import need_index
from indexer.stores.elasticsearch_reader import Reader
from indexer.stores.elasticsearch_server import Address, explain_refusal, explained


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
        actions = (Action(one.time, {"create": {}}, json.dumps(asdict(one))) for one in searches)
        for refusal in self._writer.write(actions):
            raise explain_refusal(refusal.status, refusal.error, self._address.location)

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
