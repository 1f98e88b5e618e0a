"""The stored neighbour lists of an Elasticsearch store: a field of each photo's document."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from typing_extensions import override

from indexer.records import Neighbour
from indexer.stores.elasticsearch.bulk import Action, BulkWriter
from indexer.stores.elasticsearch.reader import IndexReader
from indexer.stores.elasticsearch.vectors import ElasticsearchVectors
from indexer.stores.photo_protocols import NeighbourLists

LISTS_AT_ONCE = 1000
UPDATE_TRIES = 10


@dataclass
class ElasticsearchLists(NeighbourLists):
    """The field `neighbours` of the photos index."""

    _reader: IndexReader
    _writer: BulkWriter
    _vectors: ElasticsearchVectors

    @override
    def read(self, since: str | None = None) -> Iterator[tuple[str, tuple[Neighbour, ...]]]:
        source = {"includes": ["id", "neighbours"]}
        newer = self._vectors.newer(since) if since else None
        hits = self._reader.scan("id", source, query=newer, size=LISTS_AT_ONCE)
        return ((hit["_source"]["id"], _neighbours(hit["_source"])) for hit in hits)

    @override
    def replace(self, lists: Mapping[str, Sequence[Neighbour]]) -> None:
        self._writer.require((_replace(id, near) for id, near in lists.items()), but=(404,))


def _replace(id: str, neighbours: Sequence[Neighbour]) -> Action:
    head = {"update": {"_id": id, "retry_on_conflict": UPDATE_TRIES}}
    near = [{"id": neighbour.id, "cosine": neighbour.cosine} for neighbour in neighbours]
    return Action(id, head, json.dumps({"doc": {"neighbours": near}}))


def _neighbours(source: Mapping[str, Any]) -> tuple[Neighbour, ...]:
    return tuple(Neighbour(near["id"], near["cosine"]) for near in source["neighbours"])
