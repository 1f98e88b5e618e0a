"""The learned words of an Elasticsearch store, and its newest events: index NAME-words."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

import elasticsearch
from typing_extensions import override

from indexer.errors import NotFound
from indexer.events import Learned
from indexer.stores.checks import MOST_RESULTS
from indexer.stores.elasticsearch.bulk import Action, BulkWriter
from indexer.stores.elasticsearch.indices import need_index
from indexer.stores.elasticsearch.newest import RECORD, NewestEvents, words_name
from indexer.stores.elasticsearch.reader import IndexReader
from indexer.stores.elasticsearch.server import explain_refusal
from indexer.stores.log_protocols import LearnedTable
from indexer.stores.urls import Address

STALE = 409
"""Refused, because the table already has a later state of the log."""


class ElasticsearchLearned(LearnedTable):
    """The documents of the index of words; their version is the state of the log of events."""

    def __init__(
        self, client: elasticsearch.Elasticsearch, address: Address, newest: NewestEvents
    ) -> None:
        """Take what knows the newest events; ask nothing yet."""
        self._client = client
        self._address = address
        self._newest = newest
        self._alias = words_name(address.name)
        self._reader = IndexReader(client, self._alias, address.location)
        self._writer = BulkWriter(client, self._alias, address.location, shows=True)

    @override
    def replace(self, learned: Iterable[Learned], state: int) -> None:
        need_index(self._client, self._address, "words")
        wanted = {one.word: one for one in learned}
        there = {one.word: one for one in self.read()}
        actions = [*_changes(there, wanted, state), *self._newest.to_record(state)]
        for refusal in self._writer.write(actions) if actions else ():
            # An index of an earlier Magpie takes the record after the next `magpie index`.
            if refusal.status not in (404, STALE) and refusal.action.id != RECORD:
                raise explain_refusal(refusal.status, refusal.error, self._address.location)

    @override
    def read(self) -> list[Learned]:
        try:
            words = {"exists": {"field": "word"}}
            hits = list(self._reader.scan("word", True, words, MOST_RESULTS))
        except NotFound:
            return []
        found = (hit["_source"] for hit in hits)
        return [Learned(**{**one, "examples": tuple(one["examples"])}) for one in found]


def _changes(there: dict[str, Learned], wanted: dict[str, Learned], state: int) -> Iterator[Action]:
    for word in there.keys() - wanted.keys():
        yield Action(word, {"delete": _head(word, state)})
    for word, one in wanted.items():
        if there.get(word) != one:
            yield Action(word, {"index": _head(word, state)}, json.dumps(asdict(one)))


def _head(word: str, state: int) -> dict[str, Any]:
    id = hashlib.sha256(word.encode()).hexdigest()[:40]  # words may be longer than ids
    return {"_id": id, "version": state, "version_type": "external_gte"}
