"""What was taught for a query, as numbers a store ranks by."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from indexer.records import Query
from indexer.stores import Store
from search.teaching.concept import Concept, Examples, gather, learn
from search.teaching.meanings import EXCLUDED, Meanings, join
from search.teaching.mixing import share_of_concept
from search.teaching.space import Space
from search.teaching.space_file import SpaceKeeper
from search.teaching.vocabulary import Lesson, Vocabulary
from search.teaching.votes import Tally
from search.words import Part, Understanding

CONCEPT_AMONG_VOTED = 0.1
"""What nearness adds at most to a photo that was voted good: it orders equal votes. The Wilson
bounds of one and of two votes lie further apart."""

RANKED = 100
"""Photos of the ranking by labels that are compared with what was judged."""

DAMPING = 0.5
DAMPING_LEVELS = 64
MOST_DAMPED, FEWEST_DAMPED = 1000, 50
"""Photos that are damped in all, and at least around each bad one."""


@dataclass(slots=True)
class Taught:
    """What teaching changes in a search.

    Attributes:
        understanding: of the query; labels weigh less where a concept takes their place.
        boosts: photo id -> addend.
        damping: photo id -> factor in [0, 1].
        excluded: photos that are left out.
        tallies: photo id -> votes for this query.
        good: examples that the boosts come from.
        bad: examples that the damping comes from.
        space: where the examples are compared; None where nothing was taught.
        uploads: id -> name of examples that were not in the library.
    """

    understanding: Understanding
    boosts: dict[str, float] = field(default_factory=dict)
    damping: dict[str, float] = field(default_factory=dict)
    excluded: frozenset[str] = frozenset()
    tallies: Mapping[str, Tally] = field(default_factory=dict)
    good: list[Examples] = field(default_factory=list)
    bad: Examples | None = None
    space: Space | None = None
    uploads: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The word that the query is as a whole, parts that leave out not counted."""
        return join(self.understanding)


class Ranker:
    """Turns lessons into boosts. One object serves all threads."""

    def __init__(self, store: Store) -> None:
        """Read nothing yet."""
        self._store = store
        self._spaces = SpaceKeeper(store)

    def rank(
        self, words: Meanings, text: str, vocabulary: Vocabulary, without: Collection[str] = ()
    ) -> Taught:
        """Understand a query, and add what was taught for its words and for it as a whole.

        Args:
            words: what words mean.
            text: the query.
            vocabulary: what was taught.
            without: names of parts to leave aside.
        """
        taught = Taught(words.understand(text, vocabulary, without))
        parts, lessons = taught.understanding.parts, vocabulary.lessons
        key = taught.key
        known = [part for part in parts if part.word in lessons]
        if known or key in lessons:
            space = taught.space = self._spaces.current()
            if space.network:
                own = {part.word for part in known} | {key} & lessons.keys()
                lessons = {word: vocabulary.seen_by(space.network, lessons[word]) for word in own}
            for part in known:
                if part.kind == EXCLUDED:
                    taught.excluded |= _shown_by(space, lessons[part.word])
                elif part.word != key:
                    self._add(taught, space, lessons[part.word], part)
            if key in lessons:
                self._add(taught, space, lessons[key])
                _add_votes(taught, lessons[key])
        return taught

    def _add(self, taught: Taught, space: Space, lesson: Lesson, part: Part | None = None) -> None:
        """Mix a concept into the ranking by a part of the query, or by all of it."""
        concept = learn(space, lesson)
        taught.uploads |= {id: upload.name for id, upload in lesson.uploads.items()}
        weights = label_weights(taught.understanding, part)
        boosts = {} if part else taught.boosts
        if concept is None:
            if weights and part is None:
                taught.bad = gather(space, lesson)[1]
                taught.damping = _damping(space, taught.bad)
            return
        share = 1.0
        if weights or boosts:
            ranked = self._store.ranking.search(Query(weights=weights, boosts=boosts, limit=RANKED))
            ranking = [match.id for match in ranked]
            share = share_of_concept(ranking, concept.good.ids, concept.bad.ids)
        taught.understanding = _scale_labels(taught.understanding, part, 1 - share)
        _mix(taught, space, concept, share, keep=1.0 if part else 1 - share)


def label_weights(understanding: Understanding, only: Part | None = None) -> dict[str, float]:
    """Return the weight of each label, added up over the parts that are asked for."""
    weights: dict[str, float] = defaultdict(float)
    for part in understanding.parts:
        if part.kind != EXCLUDED and only in (None, part):
            for wnid, weight in part.labels.items():
                weights[wnid] += weight
    return {wnid: weight for wnid, weight in weights.items() if weight > 0}


def _scale_labels(understanding: Understanding, only: Part | None, factor: float) -> Understanding:
    """Make the labels of the parts that are asked for count less; 0 takes them out."""
    parts = [
        part
        if part.kind == EXCLUDED or only not in (None, part)
        else replace(part, labels={w: weight * factor for w, weight in part.labels.items()})
        for part in understanding.parts
    ]
    return replace(understanding, parts=tuple(parts))


def _mix(taught: Taught, space: Space, concept: Concept, share: float, keep: float) -> None:
    boosts = {id: boost * keep for id, boost in taught.boosts.items()}
    felt = np.flatnonzero(concept.scores > 0)
    names = space.names(concept.rows[felt])
    for id, score in zip(names, concept.scores[felt].tolist(), strict=True):
        boosts[id] = boosts.get(id, 0.0) + share * score
    taught.boosts = boosts
    taught.good.append(concept.good)


def _add_votes(taught: Taught, lesson: Lesson) -> None:
    """Lift what was voted good above all else, and leave out what was voted bad."""
    taught.tallies = lesson.tallies()
    most = max(taught.boosts.values(), default=0.0)
    for id, tally in taught.tallies.items():
        if tally.good > tally.bad:
            near = taught.boosts.get(id, 0.0) / most if most else 0.0
            taught.boosts[id] = tally.boost + CONCEPT_AMONG_VOTED * near
        elif tally.bad > tally.good:
            taught.boosts.pop(id, None)
            taught.excluded |= {id}


def _shown_by(space: Space, lesson: Lesson) -> frozenset[str]:
    """Photos that rather show a learned word than not."""
    concept = learn(space, lesson)
    if concept is None:
        return frozenset()
    rows = concept.rows[concept.scores >= concept.least]
    bad = {id for id, tally in lesson.tallies().items() if tally.bad > tally.good}
    return frozenset({*concept.good.ids, *space.names(rows)} - bad)


def _damping(space: Space, bad: Examples) -> dict[str, float]:
    """Factors for photos like the bad ones, where no good one tells what is wanted instead."""
    if not bad.ids or not len(space):
        return {}
    each = max(FEWEST_DAMPED, MOST_DAMPED // len(bad.ids))
    rows = np.unique(np.concatenate([space.around(point, each) for point in bad.points]))
    usual = np.median((space.usual @ bad.points.T).max(1))
    likeness = (space.take(rows) @ bad.points.T).max(1)
    excess = ((likeness - usual) / max(1 - usual, 1e-6)).clip(0, 1)
    steps = np.round(excess * DAMPING * DAMPING_LEVELS).astype(int)
    worst = np.argsort(-steps, kind="stable")[:MOST_DAMPED]
    worst = worst[steps[worst] > 0]
    factors = 1 - steps[worst] / DAMPING_LEVELS
    return dict(zip(space.names(rows[worst]), factors.tolist(), strict=True))
