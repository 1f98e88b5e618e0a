"""Filters as clauses of an Elasticsearch query."""

from collections.abc import Iterable
from typing import assert_never

from indexer.filters import ExcludedLabels, ExcludedPhotos, Filter
from indexer.stores.elasticsearch.clauses import Body, id_clauses, label_clauses


def left_out(filters: Iterable[Filter]) -> list[Body]:
    """Return the clauses that match what filters leave out, for `must_not`."""
    return [clause for one in filters for clause in _left_out(one)]


def _left_out(one: Filter) -> list[Body]:
    match one:
        case ExcludedPhotos(ids):
            return id_clauses(ids)
        case ExcludedLabels(weights, least):
            labels = {"bool": {"should": label_clauses(weights)}}
            return [{"function_score": {"query": labels, "min_score": least}}]
        case _:
            assert_never(one)
