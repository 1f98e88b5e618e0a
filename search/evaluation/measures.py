"""How good a ranking is: average precision, precision and recall at k. Pure functions.

Definitions: Manning, Raghavan and Schütze 2008, "Introduction to Information Retrieval",
section 8.4. A ranking is a sequence of distinct ids, best first; ids that were not ranked count
as never found.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Judgement:
    """A query with its correct answers; `kind` groups queries in tables ("name", "topic")."""

    query: str
    kind: str
    relevant: frozenset[str]


@dataclass(frozen=True, slots=True)
class Likely:
    """How good a set of photos is; all measures in [0, 1].

    Attributes:
        precision: share of relevant ones; 1 of none.
        recall: share of the relevant ones that are among them.
        f1: harmonic mean of both.
    """

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Score:
    """How good the ranking of one query is; all measures in [0, 1].

    Attributes:
        why: what the query was taken to mean and which labels came out on top, for people.
        likely: how well the likely photos are those that are relevant.
    """

    query: str
    kind: str
    average_precision: float
    p_at_20: float
    recall_at_20: float
    why: str = ""
    likely: Likely | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """Means over all queries of one kind."""

    kind: str
    queries: int
    map: float
    p_at_20: float
    recall_at_20: float
    likely: Likely | None = None


def average_precision(ranking: Sequence[str], relevant: Collection[str]) -> float:
    """Mean, over the relevant ids, of the precision at the rank of each; 0 for one not found.

    0 if nothing is relevant.
    """
    wanted = set(relevant)
    found, total = 0, 0.0
    for rank, id_ in enumerate(ranking, 1):
        if id_ in wanted:
            found += 1
            total += found / rank
    return total / len(wanted) if wanted else 0.0


def precision_at(ranking: Sequence[str], relevant: Collection[str], k: int) -> float:
    """Share of relevant ids in the first k places; empty places count as wrong."""
    return len(set(ranking[:k]) & set(relevant)) / k


def recall_at(ranking: Sequence[str], relevant: Collection[str], k: int) -> float:
    """Share of the relevant ids that are among the first k; 0 if nothing is relevant."""
    wanted = set(relevant)
    return len(set(ranking[:k]) & wanted) / len(wanted) if wanted else 0.0


def compare(chosen: Collection[str], relevant: Collection[str]) -> Likely:
    """Measure a set of ids; something is relevant."""
    right = len(set(chosen) & set(relevant))
    precision = right / len(chosen) if chosen else 1.0
    return Likely(precision, right / len(relevant), 2 * right / (len(chosen) + len(relevant)))


def score(
    judgement: Judgement, ranking: Sequence[str], why: str = "", likely: int | None = None
) -> Score:
    """Measure one ranking; `likely` is how many of its first are likely."""
    return Score(
        judgement.query,
        judgement.kind,
        average_precision(ranking, judgement.relevant),
        precision_at(ranking, judgement.relevant, 20),
        recall_at(ranking, judgement.relevant, 20),
        why,
        None if likely is None else compare(ranking[:likely], judgement.relevant),
    )


def summarise(scores: Iterable[Score]) -> list[Summary]:
    """Means of each kind in order of appearance, then of "all"; empty without scores."""
    scores = list(scores)
    kinds = [*dict.fromkeys(one.kind for one in scores), "all"] if scores else []
    return [_mean(kind, [one for one in scores if kind in (one.kind, "all")]) for kind in kinds]


def worst(scores: Iterable[Score], count: int = 10) -> list[Score]:
    """The queries with the lowest average precision, worst first, ties by query."""
    return sorted(scores, key=lambda one: (one.average_precision, one.query))[:count]


def _mean(kind: str, scores: Sequence[Score]) -> Summary:
    count = len(scores)
    return Summary(
        kind,
        count,
        sum(one.average_precision for one in scores) / count,
        sum(one.p_at_20 for one in scores) / count,
        sum(one.recall_at_20 for one in scores) / count,
        _mean_likely([one.likely for one in scores if one.likely]),
    )


def _mean_likely(found: Sequence[Likely]) -> Likely | None:
    """Means over queries; the precision is that of queries that have likely photos at all."""
    if not found:
        return None
    some = [one.precision for one in found if one.recall or one.precision < 1]
    return Likely(
        sum(some) / len(some) if some else 1.0,
        sum(one.recall for one in found) / len(found),
        sum(one.f1 for one in found) / len(found),
    )
