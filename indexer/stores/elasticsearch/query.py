"""A `Query` as one Elasticsearch function_score query."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from indexer.filters import ExcludedPhotos, Filter
from indexer.records import Query
from indexer.stores.elasticsearch.clauses import Body, id_clauses, label_clauses
from indexer.stores.elasticsearch.filters import left_out

LEAST_SCORE = 1.4e-45
"""The smallest float32 above 0: photos of score 0 are not hits."""

MATCH_FIELDS = [{"field": name} for name in ("id", "paths", "width", "height", "colour")]
LABELS = [{"field": "labels"}]
"""What a hit needs. None of it is read from the document's source, which would have to be parsed,
vector and all: that took a third of the time of a query."""


def request(query: Body, limit: int, offset: int) -> Body:
    """Return the body of a search request for a slice of the ranking that a query makes."""
    return {
        "query": query,
        "sort": [{"_score": "desc"}, {"id": "asc"}],
        "from": offset,
        "size": limit,
        "_source": False,
        "docvalue_fields": MATCH_FIELDS,
        "fields": LABELS,
        "track_total_hits": False,
    }


def ranking(query: Query) -> Body:
    """Return the query whose `_score` is the score that `Query` defines.

    Lucene multiplies float32 values, sums a bool query's clauses in float64 and casts the sum to
    float32. A function_score of boost_mode multiply leaves a photo alone that no function matches.
    """
    damped = {id: factor for id, factor in query.damping.items() if np.float32(factor) > 0}
    silenced = ExcludedPhotos(frozenset(query.damping.keys() - damped.keys()))
    return {
        "function_score": {
            "query": {
                "bool": {
                    "should": [*label_clauses(query.weights), *_boosts(query.boosts)],
                    "minimum_should_match": 1,
                    "must_not": left_out([*query.filters, silenced]),
                }
            },
            "functions": [
                {"filter": clause, "weight": factor} for clause, factor in _by_number(damped)
            ],
            "score_mode": "multiply",
            "boost_mode": "multiply",
            "min_score": LEAST_SCORE,
        }
    }


def random_order(seed: int, filters: Sequence[Filter]) -> Body:
    """Return the query that ranks all photos at random, but for those that filters leave out."""
    chosen = {"query": {"bool": {"must_not": left_out(filters)}}} if filters else {}
    order = {"random_score": {"seed": seed, "field": "_seq_no"}, "boost_mode": "replace"}
    return {"function_score": {**chosen, **order}}


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
