"""Queries by labels alone, where ancestors cannot be asked for."""

from dataclasses import replace

from indexer.filters import ExcludedLabels, Filter
from indexer.imagenet.ancestors import spelled_out
from indexer.queries import Query


def weighs_labels(query: Query) -> bool:
    """Whether a query weighs labels, or ancestors, anywhere."""
    filtered = any(isinstance(one, ExcludedLabels) for one in query.filters)
    return filtered or bool(query.weights) or bool(query.ancestors)


def needs_ancestors(query: Query) -> bool:
    """Whether a query weighs ancestors anywhere."""
    return bool(query.ancestors) or any(map(_weighs, query.filters))


def by_labels(query: Query) -> Query:
    """Return the query that weighs all labels under ancestors instead.

    It ranks the same but for the rounding of what labels add up to.
    """
    return replace(
        query,
        weights=spelled_out(query.weights, query.ancestors),
        ancestors={},
        filters=tuple(map(_by_labels, query.filters)),
    )


def _by_labels(one: Filter) -> Filter:
    if isinstance(one, ExcludedLabels) and one.ancestors:
        return replace(one, weights=spelled_out(one.weights, one.ancestors), ancestors={})
    return one


def _weighs(one: Filter) -> bool:
    return isinstance(one, ExcludedLabels) and bool(one.ancestors)
