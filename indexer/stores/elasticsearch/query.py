"""A `Query` as one Elasticsearch function_score query."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from indexer.records import Query, Without

Body = dict[str, Any]

LEAST_SCORE = 1.4e-45
"""The smallest float32 above 0: photos of score 0 are no hits."""

MOST_IDS = 60_000
"""Ids in one clause; Elasticsearch's index.max_terms_count is 65,536."""


def is_empty(query: Query) -> bool:
    """Whether no photo can have a score above 0."""
    return not any(query.weights.values()) and not any(query.boosts.values())


MATCH_FIELDS = [{"field": name} for name in ("id", "paths", "width", "height", "colour")]
LABELS = [{"field": "labels"}]
"""What a hit needs. None of it is read from the document's source, which would be parsed with all
of its vector: that took a third of the time of a query."""


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
    excluded = [*query.excluded, *(query.damping.keys() - damped.keys())]
    return {
        "function_score": {
            "query": {
                "bool": {
                    "should": [*_labels(query.weights), *_boosts(query.boosts)],
                    "minimum_should_match": 1,
                    "must_not": [*_ids(excluded), *(_without(part) for part in query.without)],
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


def _labels(weights: Mapping[str, float]) -> list[Body]:
    return [
        {"term": {"labels": {"value": wnid, "boost": weight}}}
        for wnid, weight in weights.items()
        if weight
    ]


def _boosts(boosts: Mapping[str, float]) -> list[Body]:
    felt = {id: boost for id, boost in boosts.items() if boost}
    return [
        {"constant_score": {"filter": clause, "boost": boost}} for clause, boost in _by_number(felt)
    ]


def _without(condition: Without) -> Body:
    """A query that matches where the weighted probabilities reach the least sum."""
    return {
        "function_score": {
            "query": {"bool": {"should": _labels(condition.weights)}},
            "min_score": condition.least,
        }
    }


def _by_number(numbers: Mapping[str, float]) -> Iterable[tuple[Body, float]]:
    """Yield ids clauses, one for each group of photos with the same number."""
    groups = defaultdict(list)
    for id, number in numbers.items():
        groups[number].append(id)
    for number, ids in groups.items():
        for clause in _ids(ids):
            yield clause, number


def _ids(ids: Iterable[str]) -> list[Body]:
    found = sorted(ids)
    return [
        {"ids": {"values": found[start : start + MOST_IDS]}}
        for start in range(0, len(found), MOST_IDS)
    ]
