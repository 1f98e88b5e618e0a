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
class Score:
    """How good the ranking of one query is; all measures in [0, 1].

    Attributes:
        why: what the query was taken to mean and which labels came out on top, for people.
    """

    query: str
    kind: str
    average_precision: float
    p_at_20: float
    recall_at_20: float
    why: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """Means over all queries of one kind."""

    kind: str
    queries: int
    map: float
    p_at_20: float
    recall_at_20: float


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


def score(judgement: Judgement, ranking: Sequence[str], why: str = "") -> Score:
    """Measure one ranking."""
    return Score(
        judgement.query,
        judgement.kind,
        average_precision(ranking, judgement.relevant),
        precision_at(ranking, judgement.relevant, 20),
        recall_at(ranking, judgement.relevant, 20),
        why,
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
    )
