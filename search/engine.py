"""The straight line of a search: words -> weights -> taught -> store -> hits that explain it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from indexer.imagenet import name
from indexer.records import Hit, Match, Query, Reason, Without
from indexer.stores import Store
from search.answers import Answer, Question
from search.likeness import Likeness
from search.teaching.keys import EXCLUDED, Meanings
from search.teaching.levels import level
from search.teaching.ranking import Ranker, Taught, label_weights
from search.teaching.reasons import Explainer
from search.teaching.vocabulary import Vocabulary
from search.words import EXCLUDED_LEAST, Part


@dataclass(frozen=True, slots=True)
class Engine:
    """What answers the searches of one library.

    Attributes:
        store: the photos.
        words: what words mean in labels.
        ranker: what taught words mean in photos.
    """

    store: Store
    words: Meanings
    ranker: Ranker

    def search(
        self,
        question: Question,
        vocabulary: Vocabulary,
        likeness: Likeness | None = None,
    ) -> Answer:
        """Rank photos by words and, where given, by likeness to an example.

        Raises:
            BadValue: the text is too long, or offset + limit is over 10,000.
        """
        taught = self.ranker.rank(self.words, question.text, vocabulary, question.without)
        query = to_query(taught, likeness, question.limit, question.offset)
        matches = self._find(query)
        parts = taught.understanding.parts
        off = self._off(question, vocabulary)
        return Answer(
            query=question.text,
            familiar=taught.understanding.familiar,
            words=parts,
            suggestions=taught.understanding.suggestions,
            hits=tuple(explain(self.store, taught, likeness, query.boosts, matches)),
            key=taught.key,
            learned=vocabulary.describe({part.word for part in (*parts, *off)} | {taught.key}),
            judged={m.id: taught.tallies[m.id] for m in matches if m.id in taught.tallies},
            off=off,
        )

    def ranking(self, text: str, vocabulary: Vocabulary, limit: int) -> list[str]:
        """Return the ids of the best photos, without saying why."""
        taught = self.ranker.rank(self.words, text, vocabulary)
        return [match.id for match in self._find(to_query(taught, None, limit, 0))]

    def _off(self, question: Question, vocabulary: Vocabulary) -> tuple[Part, ...]:
        if not question.without:
            return ()
        whole = self.words.understand(question.text, vocabulary)
        return tuple(part for part in whole.parts if part.name in question.without)

    def _find(self, query: Query) -> list[Match]:
        return self.store.search(query) if query.weights or query.boosts else []


def to_query(taught: Taught, likeness: Likeness | None, limit: int, offset: int) -> Query:
    """Say in numbers what was understood, taught and shown: all of them add up."""
    boosts = dict(taught.boosts)
    for id, boost in (likeness.boosts if likeness else {}).items():
        boosts[id] = boosts.get(id, 0.0) + boost
    unwanted = [part for part in taught.understanding.parts if part.kind == EXCLUDED]
    return Query(
        weights=label_weights(taught.understanding),
        boosts=level(boosts),
        damping=taught.damping,
        excluded=taught.excluded,
        without=tuple(Without(part.labels, EXCLUDED_LEAST) for part in unwanted if part.labels),
        limit=limit,
        offset=offset,
    )


def explain(
    store: Store,
    taught: Taught,
    likeness: Likeness | None,
    boosts: Mapping[str, float],
    matches: list[Match],
) -> Iterator[Hit]:
    """Explain matches: the reasons of each, largest first, add up to its score."""
    explainer = Explainer(store, taught, matches)
    for match in matches:
        reasons = [reason for part in taught.understanding.parts for reason in _labels(match, part)]
        boost = boosts.get(match.id, 0.0)
        if likeness and match.id in likeness.boosts:
            alike = min(likeness.boosts[match.id], boost)
            reasons.append(Reason("similar", likeness.what, alike))
            boost -= alike
        if boost > 0:
            reasons.append(explainer.boost(match.id, boost))
        if match.id in taught.damping:
            lost = match.score - sum(reason.score for reason in reasons)
            reasons.append(explainer.damping(match.id, lost))
        yield _hit(match, reasons)


def _hit(match: Match, reasons: list[Reason]) -> Hit:
    return Hit(
        id=match.id,
        path=match.paths[0],
        score=match.score,
        reasons=tuple(sorted(reasons, key=lambda reason: -reason.score)),
        width=match.width,
        height=match.height,
        colour=match.colour,
    )


def _labels(match: Match, part: Part) -> Iterator[Reason]:
    if part.kind == EXCLUDED:
        return
    for wnid in part.labels.keys() & match.labels.keys():
        score = float(np.float32(part.labels[wnid]) * np.float32(match.labels[wnid]))
        if score:
            why = part.reasons.get(wnid)
            what = f"{name(wnid)}, {why}" if why else name(wnid)
            yield Reason(part.kinds.get(wnid, part.kind), what, score)
