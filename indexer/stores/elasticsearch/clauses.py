"""The clauses that queries and filters are made of."""

from collections.abc import Iterable, Mapping
from typing import Any

Body = dict[str, Any]

MOST_IDS = 60_000
"""Ids in one clause; Elasticsearch's index.max_terms_count is 65,536."""


def label_clauses(weights: Mapping[str, float]) -> list[Body]:
    """Return a clause for each label; its score is the weight times the stored probability."""
    return [
        {"term": {"labels": {"value": wnid, "boost": weight}}}
        for wnid, weight in weights.items()
        if weight
    ]


def id_clauses(ids: Iterable[str]) -> list[Body]:
    """Return as few clauses as possible that match the photos of these ids; none for no ids."""
    found = sorted(ids)
    return [
        {"ids": {"values": found[start : start + MOST_IDS]}}
        for start in range(0, len(found), MOST_IDS)
    ]
