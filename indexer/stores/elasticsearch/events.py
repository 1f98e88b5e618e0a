"""The log of what users taught to an Elasticsearch store: index NAME-feedback."""

import json
import time
from collections.abc import Iterable, Iterator

import elasticsearch
from typing_extensions import override

from indexer.errors import NotFound, StoreAway
from indexer.records import Event
from indexer.stores.elasticsearch.bulk import Action, BulkWriter
from indexer.stores.elasticsearch.indices import need_index
from indexer.stores.elasticsearch.reader import IndexReader
from indexer.stores.elasticsearch.server import explained
from indexer.stores.events import from_document, to_document
from indexer.stores.protocols import EventLog
from indexer.stores.urls import Address

PAGE = 1000

EXISTS = 409
"""Refused, because the event is in the log already."""

START_SECONDS = 10
"""How long a new index may take until it is ready."""
START_TRIES, START_PAUSE_SECONDS = 20, 0.1
"""It may refuse searches for a moment after the server calls it ready."""


class ElasticsearchEvents(EventLog):
    """The documents of the index of feedback."""

    def __init__(self, client: elasticsearch.Elasticsearch, address: Address) -> None:
        """Ask nothing yet."""
        self._client = client
        self._address = address
        self.alias = f"{address.name}-feedback"
        self._reader = IndexReader(client, self.alias, address.location)
        self._writer = BulkWriter(client, self.alias, address.location, shows=True)

    @override
    def append(self, events: Iterable[Event]) -> None:
        actions = [
            Action(event.id, {"create": {"_id": event.id}}, json.dumps(to_document(event)))
            for event in events
        ]
        try:
            self._writer.require(actions, but=(EXISTS,))
        except NotFound:  # nothing was taught yet
            need_index(self._client, self._address, "feedback")
            self._writer.require(actions, but=(EXISTS,))

    @override
    def read(self, after: int = 0) -> Iterator[Event]:
        newer = {"range": {"_seq_no": {"gt": after}}} if after else None
        try:
            # By sequence number, not by id: the order in which the log was written.
            for hit in self._reader.scan("_seq_no", True, newer, PAGE):
                yield from_document(hit["_source"], hit["sort"][0])
        except NotFound:  # nothing was taught yet
            return

    @override
    def state(self) -> int:
        for _ in range(START_TRIES):
            try:
                return self._reader.count()
            except NotFound:
                return 0
            except StoreAway:  # another process may just be making the index
                self._wait()
                time.sleep(START_PAUSE_SECONDS)
        return self._reader.count()

    @override
    def count(self) -> int:
        return self.state()

    def _wait(self) -> None:
        with explained(self._address.location):
            self._client.cluster.health(
                index=self.alias, wait_for_status="yellow", timeout=f"{START_SECONDS}s"
            )
