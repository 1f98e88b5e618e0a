"""A `Query` as one Elasticsearch function_score query."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from indexer.filters import ExcludedPhotos, Filter
from indexer.kinds import Order
from indexer.queries import LEAST_SCORE, Query, TimeKey
from indexer.stores.elasticsearch.clauses import Body, id_clauses, weight_clauses
from indexer.stores.elasticsearch.filters import kept, left_out, silenced

NEEDED = ("id", "paths", "width", "height", "colour")
"""Fields that each photo has."""

MATCH_FIELDS = [
    *({"field": one} for one in (*NEEDED, "duration", "place")),
    {"field": "captured", "format": "strict_date_hour_minute_second"},
]
LABELS = [{"field": "labels"}]
"""What a hit needs. None of it is read from the document's source, which would have to be parsed,
vector and all: that took a third of the time of a query."""

AS_TIME: Body = {"unmapped_type": "date", "numeric_type": "date"}
"""Said of a time to sort by, which an index that somebody else made may lack, or have as
nanoseconds: sorted by milliseconds then, and refused where it is not a number."""

YEAR = re.compile(r"\d{4}-")
"""How a time begins. What is not a time comes behind the pattern in which it was asked for."""

SHOWN: Body = {"docvalue_fields": MATCH_FIELDS, "fields": LABELS}
NOTHING: Body = {"docvalue_fields": [], "fields": []}
"""What is read of each hit. Its id is among the values that hits are sorted by."""


def request(query: Body, limit: int, offset: int) -> Body:
    """Return the body of a search request for a slice of the ranking that a query makes."""
    return {
        "query": query,
        "sort": [{"_score": "desc"}, {"id": "asc"}],
        "from": offset,
        "size": limit,
        "_source": False,
        **SHOWN,
        "track_total_hits": False,
    }


def count(query: Body) -> Body:
    """Return the body of a request that counts what a query finds, and fetches none of it."""
    return {"query": query, "size": 0, "track_total_hits": True}


def by_time(query: Query, least: float = LEAST_SCORE, after: TimeKey | None = None) -> list[Body]:
    """Return requests whose first hits together, merged by their sort values, are the first of all.

    Or the first after a key, if one is given.

    One is for photos of a known capture time, the other one for those of no other time than their
    file's: a server that runs no scripts cannot sort by whichever there is.
    """
    way = "desc" if query.order == Order.NEWEST else "asc"
    known = {"exists": {"field": "captured"}}
    parts: list[tuple[str, Body]] = [
        ("captured", {"filter": [known]}),
        ("modified", {"must_not": [known]}),
    ]
    start: Body = {"search_after": list(after)} if after else {}
    return [
        request({"bool": {"must": [ranking(query, least)], **part}}, query.offset + query.limit, 0)
        | {
            "sort": [{field: {"order": way, **AS_TIME}}, {"id": "asc"}],
            "track_scores": True,
            **start,
        }
        for field, part in parts
    ]


def ranking(query: Query, least: float = LEAST_SCORE) -> Body:
    """Return the query whose `_score` is the score that `Query` defines, for hits of `least`.

    Lucene multiplies float32 values, sums a bool query's clauses in float64 and casts the sum to
    float32. A function_score of boost_mode multiply leaves a photo alone that no function matches.
    """
    if query.everything:
        return _chosen(query.filters)
    damped = {id: factor for id, factor in query.damping.items() if np.float32(factor) > 0}
    hidden = ExcludedPhotos(frozenset(query.damping.keys() - damped.keys()))
    return {
        "function_score": {
            "query": {
                "bool": {
                    "should": [
                        *weight_clauses(query.weights, query.ancestors),
                        *_boosts(query.boosts),
                    ],
                    "minimum_should_match": 1,
                    "must_not": left_out([*query.filters, hidden]),
                    **({"filter": required} if (required := kept(query.filters)) else {}),
                }
            },
            "functions": [
                *({"filter": clause, "weight": factor} for clause, factor in _by_number(damped)),
                *silenced(query.filters),
            ],
            "score_mode": "multiply",
            "boost_mode": "multiply",
            "min_score": least,
        }
    }


def random_order(seed: int, filters: Sequence[Filter]) -> Body:
    """Return the query that ranks all photos at random, but for those that filters leave out.

    By id, which stays: the number of a document's last write changes while neighbours are linked.
    """
    order = {"random_score": {"seed": seed, "field": "id"}, "boost_mode": "replace"}
    return {"function_score": {"query": _chosen(filters), **order}}


def _chosen(filters: Sequence[Filter]) -> Body:
    left = {"bool": {"filter": kept(filters), "must_not": left_out(filters)}}
    if not (functions := silenced(filters)):
        return left
    zero = {"score_mode": "multiply", "boost_mode": "replace", "min_score": LEAST_SCORE}
    return {"function_score": {"query": left, "functions": functions, **zero}}


def _boosts(boosts: Mapping[str, float]) -> list[Body]:
    lifting = {id: boost for id, boost in boosts.items() if boost}
    return [
        {"constant_score": {"filter": clause, "boost": boost}}
        for clause, boost in _by_number(lifting)
    ]


def _by_number(numbers: Mapping[str, float]) -> Iterable[tuple[Body, float]]:
    """Yield ids clauses, one for each group of photos with the same number."""
    groups = defaultdict(list)
    for id, number in numbers.items():
        groups[number].append(id)
    for number, ids in groups.items():
        for clause in id_clauses(ids):
            yield clause, number
