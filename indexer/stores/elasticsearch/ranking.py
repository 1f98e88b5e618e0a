"""Searching an Elasticsearch store: the server ranks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from typing_extensions import override

from indexer.filters import Filter
from indexer.records import Match, Query, Request
from indexer.stores.checks import check_slice
from indexer.stores.elasticsearch import query as queries
from indexer.stores.elasticsearch.reader import IndexReader
from indexer.stores.elasticsearch.server import explained
from indexer.stores.protocols import Ranking


@dataclass
class ElasticsearchRanking(Ranking):
    """Asks the photos index."""

    _reader: IndexReader

    @override
    def search(self, query: Query) -> list[Match]:
        check_slice(query.limit, query.offset)
        if query.is_empty:
            return []
        found = self._matches(queries.ranking(query), query.limit, query.offset)
        return [_match(hit["fields"], hit["_score"], query.weights) for hit in found]

    @override
    def request(self, query: Query) -> Request:
        check_slice(query.limit, query.offset)
        ranking = queries.ranking(query)
        body = queries.request(ranking, query.limit, query.offset)
        return Request(self._reader.alias, body)

    @override
    def sample(
        self, seed: int, limit: int, offset: int = 0, filters: Sequence[Filter] = ()
    ) -> list[Match]:
        check_slice(limit, offset)
        found = self._matches(queries.random_order(seed, filters), limit, offset)
        return [_match(hit["fields"], 0.0, ()) for hit in found]

    def _matches(self, query: dict[str, Any], limit: int, offset: int) -> list[dict[str, Any]]:
        with explained(self._reader.place):
            answer = self._reader.client.search(
                index=self._reader.alias,
                body=queries.request(query, limit, offset),
                allow_partial_search_results=False,
            )
        hits: list[dict[str, Any]] = answer["hits"]["hits"]
        return hits


def _match(fields: Mapping[str, list[Any]], score: float, weighed: Collection[str]) -> Match:
    # Numbers are written with as few digits as tell float32 apart.
    (labels,) = fields.get("labels", [{}])
    held = {wnid: labels[wnid] for wnid in labels if wnid in weighed}
    return Match(
        id=fields["id"][0],
        score=float(np.float32(score)),
        paths=tuple(fields["paths"]),
        width=fields["width"][0],
        height=fields["height"][0],
        colour=fields["colour"][0],
        labels={wnid: float(np.float32(probability)) for wnid, probability in held.items()},
    )
