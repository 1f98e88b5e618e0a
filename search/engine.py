"""The straight line of a search, from words to hits that explain themselves.

A search is five steps, each with frozen values in and out. `SearchEngine.plan` has the first three:
understand the words, let teaching change what was understood, make one query of numbers of it.
`SearchEngine.answer` has the last two: ask the store, and explain what it found.
"""

from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from indexer.facets import Facets
from indexer.filters import Condition, ExcludedLabels, ExcludedPhotos, Filter
from indexer.imagenet import name
from indexer.imagenet.ancestors import beside, labels_under
from indexer.kinds import Kind, Order
from indexer.queries import Hit, Line, Match, Query, Ranked, Reason
from indexer.stores import Store
from search.answers import Answer, Question
from search.levels import level
from search.likely import line_of
from search.likeness import Likeness
from search.teaching.reasons import Explainer
from search.teaching.space_file import SpaceKeeper
from search.teaching.taught import Taught, ranked_by, teach
from search.teaching.vocabulary import Vocabulary
from search.words import EXCLUDED_LEAST, Meanings, Part, WordFiles, load_thesaurus

if TYPE_CHECKING:
    from search.filters.asked import Asked
    from search.filters.conditions import FiltersRead
    from search.looking import Looked


@dataclass(frozen=True, slots=True)
class PlannedSearch:
    """A search before the store is asked.

    Attributes:
        question: what was asked for.
        vocabulary: all that was taught.
        taught: the question as it was understood, and what was taught for it.
        likeness: what the photo adds that was searched by.
        looked: what the text adds, read by the network that describes the photos.
        query: all of it in numbers.
        line: where its likely hits end.
        filters: how the filters were understood; None where there are none.
    """

    question: Question
    vocabulary: Vocabulary
    taught: Taught
    likeness: Likeness | None
    query: Query
    line: Line
    looked: "Looked | None" = None
    filters: "FiltersRead | None" = None

    @property
    def finds_nothing(self) -> bool:
        """Whether nothing that is asked for is understood, so that no store is asked."""
        return self.query.is_empty


@dataclass(frozen=True, slots=True)
class SearchEngine:
    """What answers the searches of one store. One object serves all threads.

    Attributes:
        store: the photos.
        meanings: what words mean in labels.
        spaces: where photos are near to examples.
        look: finds photos that look like the text of a question, of which some words are excluded,
            where the caller of `plan` does not.
        today: returns the day from which "last month" is counted.
        known: conditions of filters that held for some photos.
    """

    store: Store
    meanings: Meanings
    spaces: SpaceKeeper
    look: "Callable[[Question, frozenset[str]], Looked | None] | None" = None
    today: Callable[[], date] = date.today
    known: set[Condition] = field(default_factory=set, compare=False)

    def plan(
        self,
        question: Question,
        vocabulary: Vocabulary,
        likeness: Likeness | None = None,
        looked: "Looked | None" = None,
    ) -> PlannedSearch:
        """Find out what the store is to be asked for.

        Args:
            question: words, and which slice of the ranking.
            vocabulary: what was taught.
            likeness: to a photo that is searched by.
            looked: photos that look like the text.

        Raises:
            BadValue: the text is too long, or a filter makes no sense.
        """
        understood = self.meanings.understand(
            question.text, vocabulary.names, question.switched_off
        )
        # What a person filters by does not change how much labels count.
        probe = partial(self.probe, filters=question.filters)
        filters = self._read_filters((*understood.filters, *question.asked), question)
        if filters:
            question = replace(question, filters=(*question.filters, *filters.filters))
        if looked is None and self.look:
            looked = self.look(replace(question, text=understood.words), understood.excluded)
        looks = looked.boosts if looked else {}
        taught = teach(understood, vocabulary, self.spaces, probe, looks)
        if looked and looked.excluded:
            taught = replace(taught, excluded=taught.excluded | looked.excluded)
        query = to_query(taught, likeness, question)
        line = line_of(taught, by_photo=likeness is not None)
        return PlannedSearch(question, vocabulary, taught, likeness, query, line, looked, filters)

    def _read_filters(self, asked: "tuple[Asked, ...]", question: Question) -> "FiltersRead | None":
        if not asked:
            return None
        from search.filters.conditions import read_filters

        return read_filters(asked, self.today(), question.switched_off)

    def answer(self, plan: PlannedSearch) -> Answer:
        """Ask the store, and explain what it found.

        Raises:
            BadValue: offset + limit is over 10,000, or no photo has a name that a filter gives.
        """
        found = self.find(plan)
        if plan.filters:
            self._check_names(plan.filters, bool(found.matches))
        return self.explain(plan, found)

    def count(self, plan: PlannedSearch) -> Facets:
        """Count all hits of a search.

        Raises:
            BadValue: no photo has a name that a filter gives.
        """
        facets = Facets() if plan.query.is_empty else self.store.ranking.facets(plan.query)
        if plan.filters:
            self._check_names(plan.filters, facets.photos > 0)
        return facets

    def _check_names(self, filters: "FiltersRead", found: bool) -> None:
        """Refuse names in filters that no photo of the library has."""
        from search.filters.checking import NameChecker

        NameChecker(self.store, self.known).check(filters, found)

    def rank(self, query: Query) -> list[str]:
        """Return the ids of a ranking, best first, without saying why."""
        return [] if query.is_empty else self.store.ranking.ids(query)

    def probe(self, query: Query, filters: tuple[Filter, ...]) -> dict[str, float]:
        """Rank for the step `teach`, which compares a learned concept with the ranking by labels.

        The filters of the question are carried, so that only photos that can be hits are compared.
        """
        matches = self.ask(replace(query, filters=(*query.filters, *filters)))
        return {match.id: match.score for match in matches}

    def ask(self, query: Query) -> list[Match]:
        """Return what the store finds, best first; nothing where nothing is asked for."""
        return [] if query.is_empty else self.store.ranking.search(query)

    def find(self, plan: PlannedSearch) -> Ranked:
        """Return what the store finds, and where its likely hits end."""
        if plan.query.is_empty:
            return Ranked([], 0, 0.0)
        return self.store.ranking.find(plan.query, plan.line, plan.question.only_likely)

    def explain(self, plan: PlannedSearch, found: Ranked) -> Answer:
        """Say what was understood, what was taught, and why each photo was found."""
        matches = found.matches
        understood, tallies = plan.taught.understanding, plan.taught.tallies
        off, names = self._switched_off(plan), plan.vocabulary.names
        words = {part.word for part in (*understood.parts, *off)} | {understood.key}
        learned = words & names.words
        return Answer(
            query=plan.question.text,
            familiar=understood.familiar
            or plan.query.everything
            or bool(plan.looked and plan.looked.stands_out),
            parts=_with_text(understood.parts, plan.looked),
            suggestions=understood.suggestions,
            hits=tuple(explain_hits(self.store, plan, found)),
            likely=found.likely,
            key=understood.key,
            learned=plan.vocabulary.describe(learned) if learned else (),
            judged={one.id: tallies[one.id].counts for one in matches if one.id in tallies},
            switched_off=off,
            filters=plan.filters.parts if plan.filters else (),
        )

    def _switched_off(self, plan: PlannedSearch) -> tuple[Part, ...]:
        """The parts that were switched off, as they would have been understood."""
        names = plan.question.switched_off
        if not names:
            return ()
        whole = self.meanings.understand(plan.question.text, plan.vocabulary.names)
        off = tuple(part for part in whole.parts if part.name in names)
        return (*off, plan.looked.part) if plan.looked and plan.looked.is_off else off


def open_engine(store: Store, files: WordFiles | None = None) -> SearchEngine:
    """Return what answers the searches of a store.

    Args:
        store: the photos.
        files: of the user's own, that say what words mean; None = those of the system.

    Raises:
        NotFound, BadValue: a file cannot be read as what it was given for.
    """
    return SearchEngine(store, Meanings(load_thesaurus(files)), SpaceKeeper(store))


def to_query(taught: Taught, likeness: Likeness | None, question: Question) -> Query:
    """Say in numbers what was understood, taught and shown: all of them add up."""
    boosts = dict(taught.boosts)
    for id, boost in (likeness.boosts if likeness else {}).items():
        boosts[id] = boosts.get(id, 0.0) + boost
    parts = taught.understanding.parts
    unwanted = [part for part in parts if part.kind == Kind.EXCLUDED]
    filters: list[Filter] = list(question.filters)
    filters += [ExcludedPhotos(taught.excluded)] if taught.excluded else []
    filters += [
        ExcludedLabels(beside(part.labels, part.ancestors), EXCLUDED_LEAST, part.ancestors)
        for part in unwanted
        if part.labels
    ]
    return replace(
        ranked_by(parts),
        boosts=level(boosts) if boosts else {},
        damping=taught.damping,
        filters=tuple(filters),
        limit=question.limit,
        offset=question.offset,
        **_listing(taught, likeness, question),
    )


def _listing(taught: Taught, likeness: Likeness | None, question: Question) -> dict[str, Any]:
    """Say in which order, and whether all photos are asked for: by filters or an order alone."""
    order, asked = question.order, taught.understanding.key or taught.boosts or likeness
    if asked or (order == Order.SCORE and not question.filters):
        return {"order": order}
    return {"order": Order.NEWEST if order == Order.SCORE else order, "everything": True}


def explain_hits(store: Store, plan: PlannedSearch, found: Ranked) -> Iterator[Hit]:
    """Explain matches: the reasons of each, largest first and then by name, add up to its score."""
    matches = found.matches
    parts = [_weighed(part) for part in plan.taught.understanding.parts]
    is_more = plan.query.boosts or plan.query.damping
    explainer = Explainer(store, plan.taught, matches) if is_more else None
    for match in matches:
        reasons = [reason for labels in parts for reason in _labels(match, labels)]
        if explainer:
            _add_taught(reasons, match, plan, explainer)
        yield _hit(match, reasons, match.score >= found.line)


def _add_taught(
    reasons: list[Reason], match: Match, plan: PlannedSearch, explainer: Explainer
) -> None:
    """Share the boost of a photo out between likeness and what was taught; then the damping."""
    boost = plan.query.boosts.get(match.id, 0.0)
    if plan.likeness and match.id in plan.likeness.boosts:
        alike = min(plan.likeness.boosts[match.id], boost)
        reasons.append(Reason(Kind.SIMILAR, plan.likeness.what, alike))
        boost -= alike
    if (
        boost > 0
        and plan.looked
        and match.id in plan.taught.looks
        and not _is_voted(match.id, plan)
    ):
        looks = plan.taught.looks[match.id]
        # Rounding to levels may leave a little that nobody taught.
        alone = plan.taught.boosts[match.id] <= looks
        looks = boost if alone else min(looks, boost)
        reasons.append(Reason(Kind.TEXT, plan.looked.why(match.id), looks))
        boost -= looks
    if boost > 0:
        reasons.append(explainer.boost(match.id, boost))
    if match.id in plan.query.damping:
        lost = match.score - sum(reason.score for reason in reasons)
        reasons.append(explainer.damping(match.id, lost))


def _is_voted(id: str, plan: PlannedSearch) -> bool:
    tally = plan.taught.tallies.get(id)
    return tally is not None and tally.is_good


def _hit(match: Match, reasons: list[Reason], likely: bool) -> Hit:
    by_score = tuple(sorted(reasons, key=lambda reason: (-reason.score, reason.what)))
    return Hit.of(match, match.score, by_score, likely)


def _with_text(parts: tuple[Part, ...], looked: "Looked | None") -> tuple[Part, ...]:
    """Add the whole text as a part where photos look like it: then no word of it is unfamiliar."""
    if looked is None or looked.is_off:
        return parts
    if looked.stands_out:
        return (*(part for part in parts if part.kind != Kind.UNFAMILIAR), looked.part)
    return tuple(
        replace(part, meaning=looked.part.meaning) if part.kind == Kind.UNFAMILIAR else part
        for part in parts
    )


@dataclass(frozen=True, slots=True)
class _Weighed:
    """The labels of a part as all hits need them.

    Attributes:
        labels: WordNet id -> weight beside ancestors, as float32, why it counts, and the kind of
            that reason.
        ancestors: WordNet id -> weight as float32, and the labels under it.
    """

    labels: Mapping[str, tuple[float, str, Kind]]
    ancestors: Mapping[str, tuple[float, frozenset[str]]]


def _weighed(part: Part) -> _Weighed:
    """The labels of a part; none of an excluded one."""
    if part.kind == Kind.EXCLUDED:
        return _Weighed({}, {})
    left = beside(part.labels, part.ancestors)
    weights = array("f", [left.get(wnid, 0.0) for wnid in part.labels])
    shared = array("f", part.ancestors.values())
    return _Weighed(
        {
            wnid: (weight, _what(wnid, part), part.kinds.get(wnid, part.kind))
            for wnid, weight in zip(part.labels, weights, strict=True)
        },
        {
            synset: (weight, frozenset(labels_under(synset)))
            for synset, weight in zip(part.ancestors, shared, strict=True)
        },
    )


def _what(wnid: str, part: Part) -> str:
    why = part.reasons.get(wnid)
    return f"{name(wnid)}, {why}" if why else name(wnid)


def _labels(match: Match, part: _Weighed) -> Iterator[Reason]:
    """Yield the labels of a photo that a part weighs, where they count at all."""
    shared = [wnid for wnid in match.labels if wnid in part.labels]
    shares = _shares(match, part)
    # Products of two float32 are exact in float64, so that one rounding makes them the store's.
    scores = array(
        "f",
        [part.labels[w][0] * match.labels[w] + shares.get(w, 0.0) for w in shared],
    )
    for wnid, score in zip(shared, scores, strict=True):
        if score:
            _, what, kind = part.labels[wnid]
            yield Reason(kind, what, score)


def _shares(match: Match, part: _Weighed) -> dict[str, float]:
    """Share the score of each ancestor out to the labels under it, by their probabilities."""
    shares = dict[str, float]()
    for synset, (weight, under) in part.ancestors.items():
        held = {wnid: match.labels[wnid] for wnid in match.labels if wnid in under}
        score = weight * match.ancestors.get(synset, 0.0)
        total = sum(held.values())
        shares |= {wnid: score * probability / total for wnid, probability in held.items()}
    return shares
