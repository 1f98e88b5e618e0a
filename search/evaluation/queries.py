"""Measure how well words find labelled photos; nothing is written to the store."""

from collections.abc import Sequence
from dataclasses import dataclass

from search.answers import Answer, Question
from search.engine import SearchEngine
from search.evaluation.measures import Judgement, Score, Summary, score, summarise, worst
from search.evaluation.reliability import Bin, reliability
from search.evaluation.truth import Truth
from search.likely import chance
from search.teaching.vocabulary import Vocabulary

_RANKED = 10_000
"""Photos that are ranked: as many as a store returns at once."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The result of `evaluate`; `map`, `p_at_20` and `recall_at_20` are means over all queries.

    Attributes:
        kinds: means by kind of query, "all" last.
        worst: the ten queries with the lowest average precision.
        reliability: how often photos are right that are called so likely; see `Bin`.
        photos: number of labelled photos that were ranked.
        missing: number of labelled photos that the store does not hold.
    """

    queries: int
    map: float
    p_at_20: float
    recall_at_20: float
    per_query: tuple[Score, ...]
    kinds: tuple[Summary, ...]
    worst: tuple[Score, ...]
    reliability: tuple[Bin, ...]
    photos: int
    missing: int


def evaluate(
    engine: SearchEngine, vocabulary: Vocabulary, truth: Truth, judgements: Sequence[Judgement]
) -> Evaluation:
    """Rank all labelled photos of the store for every query; other photos are ignored."""
    scores, called = [], list[tuple[float, bool]]()
    for judgement in judgements:
        plan = engine.plan(Question(judgement.query, limit=_RANKED), vocabulary)
        answer = engine.answer(plan)
        hits = [hit for hit in answer.hits if hit.id in truth.categories]
        ranking = [hit.id for hit in hits]
        likely = sum(bool(hit.likely) for hit in hits)
        scores.append(score(judgement, ranking, why(answer), likely))
        if hits and not plan.query.everything:
            line = plan.line.at(answer.hits[0].score)
            called += [(chance(hit.score, line), hit.id in judgement.relevant) for hit in hits]
    kinds = summarise(scores)
    return Evaluation(
        queries=len(scores),
        map=kinds[-1].map,
        p_at_20=kinds[-1].p_at_20,
        recall_at_20=kinds[-1].recall_at_20,
        per_query=tuple(scores),
        kinds=tuple(kinds),
        worst=tuple(worst(scores)),
        reliability=tuple(reliability(called)),
        photos=len(truth.categories),
        missing=truth.missing,
    )


def why(answer: Answer) -> str:
    """Say in one line what a query was taken to mean and why its first hit was found."""
    taken = "; ".join(part.taken for part in answer.parts)
    if not answer.hits or not answer.hits[0].reasons:
        return f"{taken}: nothing found"
    top = answer.hits[0].reasons[0]
    return f"{taken}: on top {top.what} {top.score:.2f}"
