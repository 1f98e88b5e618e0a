"""The learned words of an Elasticsearch store: index NAME-words."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

import elasticsearch

from indexer.errors import NotFound
from indexer.records import Learned
from indexer.stores import MOST_RESULTS
from indexer.stores.elasticsearch.bulk import Action, BulkWriter
from indexer.stores.elasticsearch.index import need_index
from indexer.stores.elasticsearch.reader import Reader
from indexer.stores.elasticsearch.server import Address, explain_refusal

STALE = 409
"""Refused, because a later state of the log is there."""


class WordIndex:
    """A `WordTable` in an index of its own, whose documents have the state as their version."""

    def __init__(self, client: elasticsearch.Elasticsearch, address: Address) -> None:
        """Ask nothing yet."""
        self._client = client
        self._address = address
        self._alias = f"{address.name}-words"
        self._reader = Reader(client, self._alias, address.location)
        self._writer = BulkWriter(client, self._alias, address.location, shows=True)

    def replace(self, learned: Iterable[Learned], state: int) -> None:
        """See `WordTable`; words that did not change are not written again."""
        need_index(self._client, self._address, "words")
        wanted = {one.word: one for one in learned}
        there = {one.word: one for one in self.read()}
        for refusal in self._writer.write(_changes(there, wanted, state)):
            if refusal.status not in (404, STALE):
                raise explain_refusal(refusal.status, refusal.error, self._address.location)

    def read(self) -> list[Learned]:
        """See `WordTable`."""
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
