"""Searching an SQLite store: photos are ranked by labels in memory, then read from their table."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from typing_extensions import override

from indexer.errors import BadValue
from indexer.filters import Filter
from indexer.records import Match, Query, Request
from indexer.stores.checks import check_slice
from indexer.stores.protocols import Ranking
from indexer.stores.sqlite.database import AMONG, Database, as_json
from indexer.stores.sqlite.labels.index import LabelIndex
from indexer.stores.sqlite.labels.numbers import KnownNumbers


@dataclass
class SqliteRanking(Ranking):
    """Ranks photos by the matrix of labels."""

    _database: Database
    _numbers: KnownNumbers
    _labels: LabelIndex

    @override
    def search(self, query: Query) -> list[Match]:
        check_slice(query.limit, query.offset)
        return self._matches(self._labels.current().rank(query), query.weights)

    @override
    def request(self, query: Query) -> Request:
        raise BadValue(
            f"{self._database.location} ranks by itself and has no query to show: name a store "
            "in Elasticsearch, --store http://HOST:9200/NAME"
        )

    @override
    def sample(
        self, seed: int, limit: int, offset: int = 0, filters: Sequence[Filter] = ()
    ) -> list[Match]:
        check_slice(limit, offset)
        ids = self._labels.current().ids(filters)
        chosen = np.random.default_rng(seed).permutation(ids)[offset : offset + limit]
        return self._matches([(id.decode(), 0.0) for id in chosen.tolist()], ())

    def _matches(
        self, ranking: Sequence[tuple[str, float]], weighed: Collection[str]
    ) -> list[Match]:
        with self._database.reading() as connection:
            numbers = self._numbers.current(connection)
            select = "SELECT document, labels FROM photos WHERE " + AMONG
            rows = connection.execute(select, (as_json(id for id, _ in ranking),)).fetchall()
        documents = json.loads(f"[{','.join(document for document, _ in rows)}]")
        labels = numbers.pick([entries for _, entries in rows], weighed)
        found = {
            document["id"]: (document, held)
            for document, held in zip(documents, labels, strict=True)
        }
        # A photo that another process deleted since it was ranked is not a hit any more.
        return [_match(*found[id], score) for id, score in ranking if id in found]


def _match(document: Mapping[str, Any], labels: Mapping[str, float], score: float) -> Match:
    return Match(
        id=document["id"],
        score=score,
        paths=tuple(document["paths"]),
        width=document["width"],
        height=document["height"],
        colour=document["colour"],
        labels=labels,
    )
