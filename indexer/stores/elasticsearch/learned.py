"""The learned words of an Elasticsearch store: index NAME-words."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

import elasticsearch
from typing_extensions import override

from indexer.errors import NotFound
from indexer.records import Learned
from indexer.stores.checks import MOST_RESULTS
from indexer.stores.elasticsearch.bulk import Action, BulkWriter
from indexer.stores.elasticsearch.indices import need_index
from indexer.stores.elasticsearch.reader import IndexReader
from indexer.stores.protocols import LearnedTable
from indexer.stores.urls import Address

STALE = 409
"""Refused, because the table already has a later state of the log."""


class ElasticsearchLearned(LearnedTable):
    """The documents of the index of words; their version is the state of the log of events."""

    def __init__(self, client: elasticsearch.Elasticsearch, address: Address) -> None:
        """Ask nothing yet."""
        self._client = client
        self._address = address
        self._alias = f"{address.name}-words"
        self._reader = IndexReader(client, self._alias, address.location)
        self._writer = BulkWriter(client, self._alias, address.location, shows=True)

    @override
    def replace(self, learned: Iterable[Learned], state: int) -> None:
        need_index(self._client, self._address, "words")
        wanted = {one.word: one for one in learned}
        there = {one.word: one for one in self.read()}
        self._writer.require(_changes(there, wanted, state), but=(404, STALE))

    @override
    def read(self) -> list[Learned]:
        try:
            hits = list(self._reader.scan("word", True, size=MOST_RESULTS))
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
