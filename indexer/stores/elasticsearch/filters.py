"""Filters as clauses of an Elasticsearch query."""

from collections.abc import Iterable
from typing import assert_never

from indexer.filters import (
    AtLeast,
    AtPlace,
    Condition,
    Dated,
    Exactly,
    ExcludedLabels,
    ExcludedPhotos,
    FileNamed,
    Filter,
    Forbidden,
    InFolder,
    Near,
    OfFormat,
    Oriented,
    Required,
    Taken,
    TakenWith,
    spellings,
)
from indexer.stores.elasticsearch.clauses import Body, id_clauses, weight_clauses

ANYTHING, IN_NAME = ".*", "[^/]*"
"""In Lucene's regular expressions, which always match a whole value."""

OVER_ONE = 1 + 2.0**-23
"""The float32 after 1. What a side of a picture is divided by the other one, as a float32, is 1
only where they are equal, as long as they have fewer than 2^23 pixels."""


def kept(filters: Iterable[Filter]) -> list[Body]:
    """Return the clauses for `filter` that match what filters require."""
    return [
        _any_of([_holds(condition) for condition in one.any_of])
        for one in filters
        if isinstance(one, Required)
    ]


def left_out(filters: Iterable[Filter]) -> list[Body]:
    """Return the clauses for `must_not` that match what filters leave out.

    But for those of `kept` and `silenced`.
    """
    return [clause for one in filters for clause in _left_out(one)]


def _left_out(one: Filter) -> list[Body]:
    match one:
        case ExcludedPhotos(ids):
            return id_clauses(ids)
        case Forbidden(condition):
            return [_holds(condition)]
        case Required() | ExcludedLabels():
            return []
        case _:
            assert_never(one)


def silenced(filters: Iterable[Filter]) -> list[Body]:
    """Return the functions of a function_score that bring what filters leave out to a score of 0.

    These are the filters of many labels. A server counts the clauses of a query and of all queries
    within it, and may take no more than 1,024; it does not count those of its functions, each of
    which is a query of its own.
    """
    return [
        {"filter": _weighed(one), "weight": 0} for one in filters if isinstance(one, ExcludedLabels)
    ]


def _weighed(one: ExcludedLabels) -> Body:
    total = {"bool": {"should": weight_clauses(one.weights, one.ancestors)}}
    return {"function_score": {"query": total, "min_score": one.least}}


def _holds(condition: Condition) -> Body:
    match condition:
        case Taken(first, before):
            return _taken(first, before)
        case Dated():
            return {"exists": {"field": "captured"}}
        case TakenWith(text):
            return _has("camera", text)
        case AtPlace(text):
            return _has("place", text)
        case Near(latitude, longitude, kilometres):
            centre = {"lat": latitude, "lon": longitude}
            around = {"distance": f"{kilometres}km", "location": centre}
            return {"geo_distance": {**around, "ignore_unmapped": True}}  # in older indices
        case Exactly():
            return _exactly(condition)
        case InFolder() | FileNamed():
            return _of_paths(condition)
        case OfFormat(format_):
            return {"term": {"format": format_}}
        case AtLeast() | Oriented():
            return _of_size(condition)
        case _:
            assert_never(condition)


def _taken(first: str | None, before: str | None) -> Body:
    days = {"gte": first, "lt": before, "format": "strict_date"}
    days = {name: day for name, day in days.items() if day is not None}
    unknown = {"must_not": [{"exists": {"field": "captured"}}]}
    by_file = {"bool": {**unknown, "filter": [{"range": {"modified": days}}]}}
    return _any_of([{"range": {"captured": days}}, by_file])


def _of_size(condition: AtLeast | Oriented) -> Body:
    match condition:
        case AtLeast(side, pixels):
            return {"range": {side: {"gte": pixels}}}
        case Oriented("portrait"):
            return _longer("height", "width", OVER_ONE)
        case Oriented("landscape"):
            return _longer("width", "height", OVER_ONE)
        case _:
            sides = [_longer("width", "height", 1.0), _longer("height", "width", 1.0)]
            return {"bool": {"filter": sides}}


def _longer(side: str, other: str, least: float) -> Body:
    """Match documents by one field divided by another: scores can do so without a script."""
    factors = [
        {"field_value_factor": {"field": side}},
        {"field_value_factor": {"field": other, "modifier": "reciprocal"}},
    ]
    product = {"functions": factors, "score_mode": "multiply", "boost_mode": "replace"}
    return {"function_score": {**product, "min_score": least}}


def _any_of(clauses: list[Body]) -> Body:
    return clauses[0] if len(clauses) == 1 else {"bool": {"should": clauses}}


def _exactly(condition: Exactly) -> Body:
    match condition:
        case Exactly("folder", name):
            return _like("paths", f"{_escaped(name.rstrip('/'))}/{IN_NAME}")
        case Exactly(fact, name):
            return {"term": {fact: name}}


def _of_paths(condition: InFolder | FileNamed) -> Body:
    text = condition.text
    if isinstance(condition, InFolder):
        end = f"({ANYTHING}/)?" if text.endswith("/") else f"{ANYTHING}/"
        within = [f"{ANYTHING}{one}{end}{IN_NAME}" for one in _said(text)]
        return _any_of([_like("paths", one) for one in within])
    if "/" in text:
        return {"match_none": {}}
    named = [f"({ANYTHING}/)?{IN_NAME}{one}{IN_NAME}" for one in _said(text)]
    return _any_of([_like("paths", one) for one in named])


def _has(field: str, text: str) -> Body:
    return _any_of([_like(field, f"{ANYTHING}{one}{ANYTHING}") for one in _said(text)])


def _like(field: str, pattern: str) -> Body:
    return {"regexp": {field: {"value": pattern, "flags": "NONE"}}}


def _said(text: str) -> list[str]:
    """Return regular expressions for a part of a name, in small letters or in capitals."""
    return ["".join(map(_either, form)) for form in spellings(text)]


def _escaped(text: str) -> str:
    return "".join(one if one.isalnum() else f"\\{one}" for one in text)


def _either(letter: str) -> str:
    capital = letter.upper()
    if len(capital) == 1 and capital != letter and capital.lower() == letter:
        return f"[{letter}{capital}]"
    return letter if letter.isalnum() else f"\\{letter}"
