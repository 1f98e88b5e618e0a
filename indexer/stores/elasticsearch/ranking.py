"""Searching an Elasticsearch store: the server ranks."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from typing_extensions import override

from indexer.errors import BadValue, Conflict
from indexer.facets import Facets
from indexer.filters import Filter
from indexer.imagenet.ancestors import chosen_sums, labels_under, spelled_out
from indexer.kinds import Order
from indexer.queries import LEAST_SCORE, Line, Listed, Match, Query, Ranked, Request, TimeKey
from indexer.stores.checks import check_slice
from indexer.stores.elasticsearch import query as queries
from indexer.stores.elasticsearch.ancestry import KnownAncestry
from indexer.stores.elasticsearch.clauses import Body
from indexer.stores.elasticsearch.facets import counted
from indexer.stores.elasticsearch.reader import IndexReader
from indexer.stores.elasticsearch.server import FIELDS, INCOMPLETE, explained
from indexer.stores.protocols import Ranking
from indexer.stores.spelling_out import by_labels, needs_ancestors, weighs_labels

MOST_CAMERAS = 10_000


class ElasticsearchRanking(Ranking):
    """Asks the photos index."""

    def __init__(self, reader: IndexReader) -> None:
        """Take what reads the index."""
        self._reader = reader
        self._ancestry = KnownAncestry(reader)

    @override
    def search(self, query: Query) -> list[Match]:
        return self._search(query, LEAST_SCORE)

    @override
    def find(self, query: Query, line: Line, only_likely: bool = False) -> Ranked:
        if query.is_empty or query.everything:
            matches = self.search(query)
            return Ranked(matches, 0 if query.is_empty else self._count(query, 0.0), 0.0)
        by_score = query.order == Order.SCORE
        matches = self.search(query) if by_score or not only_likely else []
        is_first = by_score and query.offset == 0 < query.limit
        best = replace(query, limit=1, offset=0, order=Order.SCORE)
        top = matches[:1] if is_first else self.search(best)
        if not top:
            return Ranked([], 0, 0.0)
        least = line.at(top[0].score)
        likely = [match for match in matches if match.score >= least]
        if only_likely:
            matches = likely if by_score else self._search(query, least)
        ends_here = by_score and len(likely) < query.limit and (is_first or bool(likely))
        count = query.offset + len(likely) if ends_here else self._count(query, least)
        return Ranked(matches, count, least)

    def _count(self, query: Query, least: float) -> int:
        """Count the hits of a score, without fetching any."""
        body = queries.count(queries.ranking(self._asked(query), least))
        return int(self._answer(body)["total"]["value"])

    def _search(self, query: Query, least: float) -> list[Match]:
        return self._matches(query, *self._found(query, queries.SHOWN, least))

    @override
    def listed(self, query: Query, after: TimeKey | None = None) -> Listed:
        asked, hits = self._found(query, queries.SHOWN, after=after)
        last = tuple(hits[-1]["sort"]) if hits and len(hits) == query.limit else None
        return Listed(self._matches(query, asked, hits), last)

    @override
    def ids(self, query: Query) -> list[str]:
        return [hit["sort"][-1] for hit in self._found(query, queries.NOTHING)[1]]

    def _found(
        self,
        query: Query,
        shown: Body,
        least: float = LEAST_SCORE,
        after: TimeKey | None = None,
    ) -> tuple[Query, list[dict[str, Any]]]:
        """Return the query as it was asked, and the hits with those of their fields."""
        check_slice(query.limit, query.offset)
        if query.is_empty:
            return query, []
        asked = self._asked(query)
        hits = self._ranked(asked, shown, least, after)
        if hits and needs_ancestors(query) and not self._ancestry.fits(hits[0]["_index"]):
            asked = self._asked(query)  # the store was renewed meanwhile
            hits = self._ranked(asked, shown, least, after)
        return asked, hits

    @override
    def request(self, query: Query) -> Request:
        check_slice(query.limit, query.offset)
        if query.order != Order.SCORE:
            raise BadValue(
                f"a list with the {query.order} first takes several queries: ask for one that is "
                "sorted by score"
            )
        return Request(self._reader.alias, _body(self._asked(query)))

    @override
    def facets(self, query: Query) -> Facets:
        return Facets() if query.is_empty else counted(self._reader, self._asked(query))

    @override
    def cameras(self) -> list[str]:
        by_count = {"order": [{"_count": "desc"}, {"_key": "asc"}], "size": MOST_CAMERAS}
        terms = {"cameras": {"terms": {"field": "camera", **by_count}}}
        with explained(self._reader.place):
            answer = self._reader.client.search(
                index=self._reader.alias, body={"size": 0, "aggs": terms}
            )
        return [bucket["key"] for bucket in answer["aggregations"]["cameras"]["buckets"]]

    @override
    def sample(
        self, seed: int, limit: int, offset: int = 0, filters: Sequence[Filter] = ()
    ) -> list[Match]:
        check_slice(limit, offset)
        asked = self._asked(Query(filters=tuple(filters)))
        order = queries.random_order(seed, asked.filters)
        found = self._hits(queries.request(order, limit, offset))
        return [_match(self._shown(hit), 0.0, (), lambda labels: {}) for hit in found]

    def _asked(self, query: Query) -> Query:
        """Return the query as the index can answer it."""
        if not weighs_labels(query):
            return query
        is_there = self._ancestry.current().is_there
        return query if is_there or not needs_ancestors(query) else by_labels(query)

    def _ranked(
        self, query: Query, shown: Body, least: float, after: TimeKey | None
    ) -> list[dict[str, Any]]:
        if query.order == Order.SCORE:
            return self._hits(_body(query) | shown)
        bodies = queries.by_time(query, least, after)
        hits = [hit for body in bodies for hit in self._hits(body | shown)]
        sign = -1 if query.order == Order.NEWEST else 1
        hits.sort(key=lambda hit: (sign * hit["sort"][0], hit["sort"][1]))
        return hits[query.offset : query.offset + query.limit]

    def _matches(
        self, query: Query, asked: Query, hits: Sequence[Mapping[str, Any]]
    ) -> list[Match]:
        weighed = spelled_out(asked.weights, asked.ancestors)
        sums = partial(chosen_sums if asked.ancestors else _plain_sums, wanted=query.ancestors)
        scores = [0.0 if query.everything else hit["_score"] for hit in hits]
        shown = map(self._shown, hits)
        return [_match(one, score, weighed, sums) for one, score in zip(shown, scores, strict=True)]

    def _shown(self, hit: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the fields of a hit.

        Raises:
            Conflict: there is not what each photo has, as in an index that somebody else made.
            BadValue: its capture time is not a date, or its labels have no numbers, as there.
        """
        place = self._reader.place
        fields: Mapping[str, Any] = hit.get("fields", {})
        for name in queries.NEEDED:
            if name not in fields:
                raise Conflict(INCOMPLETE.format(place=place, id=hit["_id"], field=name))
        if not all(map(queries.YEAR.match, fields.get("captured", ()))):
            raise BadValue(FIELDS.format(place=place, why="[captured] is not a date"))
        if not all(isinstance(labels, dict) for labels in fields.get("labels", ())):
            raise BadValue(FIELDS.format(place=place, why="[labels] has no probabilities"))
        return fields

    def _hits(self, body: Body) -> list[dict[str, Any]]:
        hits: list[dict[str, Any]] = self._answer(body)["hits"]
        return hits

    def _answer(self, body: Body) -> dict[str, Any]:
        """Return what a search answers about its hits."""
        with explained(self._reader.place):
            answer = self._reader.client.search(
                index=self._reader.alias,
                body=body,
                allow_partial_search_results=False,
            )
        found: dict[str, Any] = answer["hits"]
        return found


def _body(query: Query) -> Body:
    return queries.request(queries.ranking(query), query.limit, query.offset)


def _match(
    fields: Mapping[str, Any],
    score: float,
    weighed: Collection[str],
    add_up: Callable[[Mapping[str, float]], Mapping[str, float]],
) -> Match:
    # Numbers are written with as few digits as tell float32 apart.
    (labels,) = fields.get("labels", [{}])
    held = {wnid: float(np.float32(labels[wnid])) for wnid in labels if wnid in weighed}
    return Match(
        id=fields["id"][0],
        score=float(np.float32(score)),
        paths=tuple(fields["paths"]),
        width=fields["width"][0],
        height=fields["height"][0],
        colour=fields["colour"][0],
        duration=fields.get("duration", [None])[0],
        captured=fields.get("captured", [None])[0],
        place=fields.get("place", [None])[0],
        labels=held,
        ancestors=add_up(held),
    )


def _plain_sums(labels: Mapping[str, float], wanted: Collection[str]) -> dict[str, float]:
    """What labels add up to where no index rounds it."""
    return {
        synset: sum(labels[wnid] for wnid in labels_under(synset) if wnid in labels)
        for synset in wanted
    }
