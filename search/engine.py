"""The straight line of a search: words -> weights -> taught -> store -> hits that explain it."""

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import BadValue
from indexer.filters import ExcludedLabels, ExcludedPhotos, Filter
from indexer.imagenet import name
from indexer.records import Hit, Match, Query, Reason
from indexer.stores import Store
from search.answers import Answer, Question
from search.levels import level
from search.likeness import Likeness
from search.teaching.meanings import EXCLUDED, Meanings
from search.teaching.ranking import Ranker, Taught, label_weights
from search.teaching.reasons import Explainer
from search.teaching.vocabulary import Vocabulary
from search.words import EXCLUDED_LEAST, Part, load_words


@dataclass(frozen=True, slots=True)
class SearchEngine:
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

    def query(
        self, question: Question, vocabulary: Vocabulary, likeness: Likeness | None = None
    ) -> Query:
        """Return what the store is asked for the answer of `search`.

        Raises:
            BadValue: it is not asked, because nothing of the question is understood.
        """
        taught = self.ranker.rank(self.words, question.text, vocabulary, question.without)
        query = to_query(taught, likeness, question.limit, question.offset)
        if not query.weights and not query.boosts:
            raise BadValue(
                f"I do not know {question.text!r} yet, so no query is sent: teach it with "
                "`magpie teach WORD PHOTO`"
            )
        return query

    def _off(self, question: Question, vocabulary: Vocabulary) -> tuple[Part, ...]:
        if not question.without:
            return ()
        whole = self.words.understand(question.text, vocabulary)
        return tuple(part for part in whole.parts if part.name in question.without)

    def _find(self, query: Query) -> list[Match]:
        return self.store.ranking.search(query) if query.weights or query.boosts else []


def open_engine(store: Store, word_vectors: Path | None = None) -> SearchEngine:
    """Return what answers searches of a store, with whatever vocabulary.

    Args:
        store: the photos.
        word_vectors: file of the user's own word vectors.

    Raises:
        NotFound, BadValue: the file cannot be read as word vectors.
    """
    return SearchEngine(store, Meanings(load_words(word_vectors)), Ranker(store))


def to_query(taught: Taught, likeness: Likeness | None, limit: int, offset: int) -> Query:
    """Say in numbers what was understood, taught and shown: all of them add up."""
    boosts = dict(taught.boosts)
    for id, boost in (likeness.boosts if likeness else {}).items():
        boosts[id] = boosts.get(id, 0.0) + boost
    unwanted = [part for part in taught.understanding.parts if part.kind == EXCLUDED]
    filters: list[Filter] = [ExcludedPhotos(taught.excluded)] if taught.excluded else []
    filters += [ExcludedLabels(part.labels, EXCLUDED_LEAST) for part in unwanted if part.labels]
    return Query(
        weights=label_weights(taught.understanding),
        boosts=level(boosts),
        damping=taught.damping,
        filters=tuple(filters),
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
    """Explain matches: the reasons of each, largest first and then by name, add up to its score."""
    explainer = Explainer(store, taught, matches)
    parts = [_weighed(part) for part in taught.understanding.parts if part.kind != EXCLUDED]
    for match in matches:
        reasons = [reason for labels in parts for reason in _labels(match, labels)]
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
        reasons=tuple(sorted(reasons, key=lambda reason: (-reason.score, reason.what))),
        width=match.width,
        height=match.height,
        colour=match.colour,
    )


Weighed = Mapping[str, tuple[float, str, str]]
"""WordNet id of a label -> weight as float32, why it counts, and the kind of that reason."""


def _weighed(part: Part) -> Weighed:
    """The labels of a part as all hits need them."""
    return {
        wnid: (weight, _what(wnid, part), part.kinds.get(wnid, part.kind))
        for wnid, weight in zip(part.labels, array("f", part.labels.values()), strict=True)
    }


def _what(wnid: str, part: Part) -> str:
    why = part.reasons.get(wnid)
    return f"{name(wnid)}, {why}" if why else name(wnid)


def _labels(match: Match, labels: Weighed) -> Iterator[Reason]:
    shared = [wnid for wnid in match.labels if wnid in labels]
    # Products of two float32 are exact in float64, so that one rounding makes them the store's.
    scores = array("f", [labels[wnid][0] * match.labels[wnid] for wnid in shared])
    for wnid, score in zip(shared, scores, strict=True):
        if score:
            _, what, kind = labels[wnid]
            yield Reason(kind, what, score)
