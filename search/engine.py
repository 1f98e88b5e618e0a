"""The straight line of a search, from words to hits that explain themselves.

A search is five steps, each with frozen values in and out. `SearchEngine.plan` has the first three:
understand the words, let teaching change what was understood, make one query of numbers of it.
`SearchEngine.answer` has the last two: ask the store, and explain what it found.
"""

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from indexer.filters import ExcludedLabels, ExcludedPhotos, Filter
from indexer.imagenet import name
from indexer.kinds import Kind
from indexer.records import Hit, Match, Query, Reason
from indexer.stores import Store
from search.answers import Answer, Question
from search.levels import level
from search.likeness import Likeness
from search.teaching.reasons import Explainer
from search.teaching.space_file import SpaceKeeper
from search.teaching.taught import Taught, label_weights, teach
from search.teaching.vocabulary import Vocabulary
from search.words import EXCLUDED_LEAST, Meanings, Part, load_thesaurus


@dataclass(frozen=True, slots=True)
class PlannedSearch:
    """A search before the store is asked.

    Attributes:
        question: what was asked for.
        vocabulary: all that was taught.
        taught: the question as it was understood, and what was taught for it.
        likeness: what the photo adds that was searched by.
        query: all of it in numbers.
    """

    question: Question
    vocabulary: Vocabulary
    taught: Taught
    likeness: Likeness | None
    query: Query

    @property
    def finds_nothing(self) -> bool:
        """Whether nothing that is asked for is understood, so that no store is asked."""
        return not self.query.weights and not self.query.boosts


@dataclass(frozen=True, slots=True)
class SearchEngine:
    """What answers the searches of one store. One object serves all threads.

    Attributes:
        store: the photos.
        meanings: what words mean in labels.
        spaces: where photos are near to examples.
    """

    store: Store
    meanings: Meanings
    spaces: SpaceKeeper

    def plan(
        self, question: Question, vocabulary: Vocabulary, likeness: Likeness | None = None
    ) -> PlannedSearch:
        """Find out what the store is to be asked for.

        Args:
            question: words, and which slice of the ranking.
            vocabulary: what was taught.
            likeness: to a photo that is searched by.

        Raises:
            BadValue: the text is too long.
        """
        understood = self.meanings.understand(
            question.text, vocabulary.names, question.switched_off
        )
        probe = partial(self.probe, filters=question.filters)
        taught = teach(understood, vocabulary, self.spaces, probe)
        query = to_query(taught, likeness, question)
        return PlannedSearch(question, vocabulary, taught, likeness, query)

    def answer(self, plan: PlannedSearch) -> Answer:
        """Ask the store, and explain what it found.

        Raises:
            BadValue: offset + limit is over 10,000.
        """
        matches = self.ask(plan.query)
        return self.explain(plan, matches)

    def rank(self, query: Query) -> list[str]:
        """Return the ids of a ranking, best first, without saying why."""
        return [match.id for match in self.ask(query)]

    def probe(self, query: Query, filters: tuple[Filter, ...]) -> list[str]:
        """Rank for the step `teach`, which compares a learned concept with the ranking by labels.

        The filters of the question are carried, so that only photos that can be hits are compared.
        """
        return self.rank(replace(query, filters=(*query.filters, *filters)))

    def ask(self, query: Query) -> list[Match]:
        """Return what the store finds, best first; nothing where nothing is asked for."""
        return self.store.ranking.search(query) if query.weights or query.boosts else []

    def explain(self, plan: PlannedSearch, matches: list[Match]) -> Answer:
        """Say what was understood, what was taught, and why each photo was found."""
        understood, tallies = plan.taught.understanding, plan.taught.tallies
        off, names = self._switched_off(plan), plan.vocabulary.names
        words = {part.word for part in (*understood.parts, *off)} | {understood.key}
        learned = words & names.words
        return Answer(
            query=plan.question.text,
            familiar=understood.familiar,
            parts=understood.parts,
            suggestions=understood.suggestions,
            hits=tuple(explain_hits(self.store, plan, matches)),
            key=understood.key,
            learned=plan.vocabulary.describe(learned) if learned else (),
            judged={match.id: tallies[match.id] for match in matches if match.id in tallies},
            switched_off=off,
        )

    def _switched_off(self, plan: PlannedSearch) -> tuple[Part, ...]:
        """The parts that were switched off, as they would have been understood."""
        names = plan.question.switched_off
        if not names:
            return ()
        whole = self.meanings.understand(plan.question.text, plan.vocabulary.names)
        return tuple(part for part in whole.parts if part.name in names)


def open_engine(store: Store, word_vectors: Path | None = None) -> SearchEngine:
    """Return what answers the searches of a store.

    Args:
        store: the photos.
        word_vectors: file of the user's own word vectors; None = the bundled ones alone.

    Raises:
        NotFound, BadValue: the file cannot be read as word vectors.
    """
    return SearchEngine(store, Meanings(load_thesaurus(word_vectors)), SpaceKeeper(store))


def to_query(taught: Taught, likeness: Likeness | None, question: Question) -> Query:
    """Say in numbers what was understood, taught and shown: all of them add up."""
    boosts = dict(taught.boosts)
    for id, boost in (likeness.boosts if likeness else {}).items():
        boosts[id] = boosts.get(id, 0.0) + boost
    parts = taught.understanding.parts
    unwanted = [part for part in parts if part.kind == Kind.EXCLUDED]
    filters: list[Filter] = list(question.filters)
    filters += [ExcludedPhotos(taught.excluded)] if taught.excluded else []
    filters += [ExcludedLabels(part.labels, EXCLUDED_LEAST) for part in unwanted if part.labels]
    return Query(
        weights=label_weights(parts),
        boosts=level(boosts) if boosts else {},
        damping=taught.damping,
        filters=tuple(filters),
        limit=question.limit,
        offset=question.offset,
    )


def explain_hits(store: Store, plan: PlannedSearch, matches: list[Match]) -> Iterator[Hit]:
    """Explain matches: the reasons of each, largest first and then by name, add up to its score."""
    parts = [_weighed(part) for part in plan.taught.understanding.parts]
    is_more = plan.query.boosts or plan.query.damping
    explainer = Explainer(store, plan.taught, matches) if is_more else None
    for match in matches:
        reasons = [reason for labels in parts for reason in _labels(match, labels)]
        if explainer:
            _add_taught(reasons, match, plan, explainer)
        yield _hit(match, reasons)


def _add_taught(
    reasons: list[Reason], match: Match, plan: PlannedSearch, explainer: Explainer
) -> None:
    """Share the boost of a photo out between likeness and what was taught; then the damping."""
    boost = plan.query.boosts.get(match.id, 0.0)
    if plan.likeness and match.id in plan.likeness.boosts:
        alike = min(plan.likeness.boosts[match.id], boost)
        reasons.append(Reason(Kind.SIMILAR, plan.likeness.what, alike))
        boost -= alike
    if boost > 0:
        reasons.append(explainer.boost(match.id, boost))
    if match.id in plan.query.damping:
        lost = match.score - sum(reason.score for reason in reasons)
        reasons.append(explainer.damping(match.id, lost))


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


Weighed = Mapping[str, tuple[float, str, Kind]]
"""WordNet id of a label -> weight as float32, why it counts, and the kind of that reason."""


def _weighed(part: Part) -> Weighed:
    """The labels of a part as all hits need them; none of an excluded one."""
    if part.kind == Kind.EXCLUDED:
        return {}
    return {
        wnid: (weight, _what(wnid, part), part.kinds.get(wnid, part.kind))
        for wnid, weight in zip(part.labels, array("f", part.labels.values()), strict=True)
    }


def _what(wnid: str, part: Part) -> str:
    why = part.reasons.get(wnid)
    return f"{name(wnid)}, {why}" if why else name(wnid)


def _labels(match: Match, labels: Weighed) -> Iterator[Reason]:
    """Yield the labels of a photo that a part weighs, where they count at all."""
    shared = [wnid for wnid in match.labels if wnid in labels]
    # Products of two float32 are exact in float64, so that one rounding makes them the store's.
    scores = array("f", [labels[wnid][0] * match.labels[wnid] for wnid in shared])
    for wnid, score in zip(shared, scores, strict=True):
        if score:
            _, what, kind = labels[wnid]
            yield Reason(kind, what, score)
