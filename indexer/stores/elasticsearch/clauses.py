"""The clauses that queries and filters are made of."""

from collections.abc import Iterable, Mapping
from typing import Any

Body = dict[str, Any]

MOST_IDS = 60_000
"""Ids in one clause; Elasticsearch's index.max_terms_count is 65,536.

A query of the kind `ids` takes no more than index.max_result_window from 9.x on, 10,000 of them.
"""


def weight_clauses(labels: Mapping[str, float], ancestors: Mapping[str, float]) -> list[Body]:
    """Return a clause for each label and ancestor.

    Its score is the weight times the stored probability.
    """
    return [
        {"term": {name: {"value": wnid, "boost": weight}}}
        for name, weights in (("ancestors", ancestors), ("labels", labels))
        for wnid, weight in weights.items()
        if weight
    ]


def id_clauses(ids: Iterable[str]) -> list[Body]:
    """Return as few clauses as possible that match the photos of these ids; none for no ids."""
    found = sorted(ids)
    return [
        {"terms": {"id": found[start : start + MOST_IDS]}}
        for start in range(0, len(found), MOST_IDS)
    ]
