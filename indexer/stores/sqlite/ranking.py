"""Searching an SQLite store: photos are ranked by labels in memory, then read from their table."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from typing_extensions import override

from indexer.errors import BadValue
from indexer.facets import Facets
from indexer.filters import Filter
from indexer.imagenet.ancestors import chosen_sums, spelled_out
from indexer.queries import Line, Listed, Match, Query, Ranked, Request, TimeKey
from indexer.stores.checks import check_slice
from indexer.stores.protocols import Ranking
from indexer.stores.sqlite.database import AMONG, Database, as_json
from indexer.stores.sqlite.documents import DOCUMENT, read_documents
from indexer.stores.sqlite.facts.index import FactIndex
from indexer.stores.sqlite.labels.index import LabelIndex
from indexer.stores.sqlite.labels.numbers import KnownNumbers
from indexer.stores.sqlite.row_checksums import selected, tell_left_out

CAMERAS = """
SELECT json_extract(document, '$.camera') AS camera FROM photos
WHERE camera IS NOT NULL GROUP BY camera ORDER BY count(*) DESC, camera
"""


@dataclass
class SqliteRanking(Ranking):
    """Ranks photos by the matrix of labels."""

    _database: Database
    _numbers: KnownNumbers
    _labels: LabelIndex
    _facts: FactIndex

    @override
    def search(self, query: Query) -> list[Match]:
        check_slice(query.limit, query.offset)
        return self._matches(self._labels.current().rank(query, self._facts), query)

    @override
    def find(self, query: Query, line: Line, only_likely: bool = False) -> Ranked:
        check_slice(query.limit, query.offset)
        ranked = self._labels.current().rank_to(query, line, only_likely, self._facts)
        return Ranked(self._matches(ranked.hits, query), ranked.likely, ranked.line)

    @override
    def ids(self, query: Query) -> list[str]:
        check_slice(query.limit, query.offset)
        return [id for id, _ in self._labels.current().rank(query, self._facts)]

    @override
    def listed(self, query: Query, after: TimeKey | None = None) -> Listed:
        check_slice(query.limit, query.offset)
        keys = self._labels.current().listed(query, after, self._facts)
        matches = self._matches([(id, 0.0) for _, id in keys], query)
        return Listed(matches, keys[-1] if keys and len(keys) == query.limit else None)

    @override
    def request(self, query: Query) -> Request:
        raise BadValue(
            f"{self._database.location} ranks by itself and has no query to show: name a store "
            "in Elasticsearch, --store http://HOST:9200/NAME"
        )

    @override
    def facets(self, query: Query) -> Facets:
        return self._labels.current().count(query, self._facts)

    @override
    def cameras(self) -> list[str]:
        with self._database.reading() as connection:
            return [camera for (camera,) in connection.execute(CAMERAS)]

    @override
    def sample(
        self, seed: int, limit: int, offset: int = 0, filters: Sequence[Filter] = ()
    ) -> list[Match]:
        check_slice(limit, offset)
        ids = self._labels.current().ids(filters, self._facts)
        chosen = np.random.default_rng(seed).permutation(ids)[offset : offset + limit]
        return self._matches([(id.decode(), 0.0) for id in chosen.tolist()], Query())

    def _matches(self, ranking: Sequence[tuple[str, float]], query: Query) -> list[Match]:
        with self._database.reading() as connection:
            numbers = self._numbers.current(connection)
            select = f"SELECT {DOCUMENT}, labels, labels_checksum FROM photos WHERE {AMONG}"
            ids = as_json(id for id, _ in ranking)
            rows = connection.execute(selected(connection, select), (ids,)).fetchall()
        documents = read_documents([row[:3] for row in rows])
        sound = [numbers.are_sound(row[0], *row[3:]) for row in rows]
        shown = spelled_out(query.weights, query.ancestors)
        entries = [row[3] if one else b"" for row, one in zip(rows, sound, strict=True)]
        found = {
            document["id"]: (document, held)
            for document, one, held in zip(
                documents, sound, numbers.pick(entries, shown), strict=True
            )
            if document is not None and one
        }
        tell_left_out([row[0] for row in rows if row[0] not in found])
        # A photo that another process deleted since it was ranked is not a hit any more.
        return [_match(*found[id], score, query.ancestors) for id, score in ranking if id in found]


def _match(
    document: Mapping[str, Any],
    labels: Mapping[str, float],
    score: float,
    ancestors: Collection[str],
) -> Match:
    return Match(
        id=document["id"],
        score=score,
        paths=tuple(document["paths"]),
        width=document["width"],
        height=document["height"],
        colour=document["colour"],
        labels=labels,
        duration=document.get("duration"),
        ancestors=chosen_sums(labels, ancestors),
        captured=document.get("captured"),
        place=document.get("place"),
    )
