"""The step `teach` of a search: what was taught for a query, as numbers that a store ranks by."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from indexer.kinds import Kind
from indexer.records import Query
from search.teaching.concept import Concept, Examples, gather, learn
from search.teaching.damping import damping
from search.teaching.mixing import share_of_concept
from search.teaching.space import Space
from search.teaching.space_file import SpaceKeeper
from search.teaching.vocabulary import Lesson, Vocabulary
from search.teaching.votes import Tally, apply_votes
from search.words import Part, Understanding

PROBED = 100
"""Photos of the ranking without a concept that are compared with what was judged."""

Probe = Callable[[Query], list[str]]
"""Asks the store how it ranks without a concept, for how much the concept is to count; ids."""


@dataclass(frozen=True, slots=True)
class Taught:
    """What teaching made of a query.

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
    boosts: Mapping[str, float] = field(default_factory=dict)
    damping: Mapping[str, float] = field(default_factory=dict)
    excluded: frozenset[str] = frozenset()
    tallies: Mapping[str, Tally] = field(default_factory=dict)
    good: tuple[Examples, ...] = ()
    bad: Examples | None = None
    space: Space | None = None
    uploads: Mapping[str, str] = field(default_factory=dict)


def teach(
    understood: Understanding, vocabulary: Vocabulary, spaces: SpaceKeeper, probe: Probe
) -> Taught:
    """Add what was taught for the words of a query, and for the query as a whole.

    Args:
        understood: the query.
        vocabulary: what was taught.
        spaces: where photos are near to examples.
        probe: see `Probe`; called once for each part and for the whole, where they were taught.
    """
    words = {part.word for part in understood.parts} | {understood.key}
    learned = words & vocabulary.names.words
    taught = Taught(understood)
    if not learned:
        return taught
    space = spaces.current()
    lessons = {word: _as_seen(vocabulary, word, space) for word in learned}
    taught = replace(taught, space=space)
    for part in understood.parts:
        if part.word in learned and part.kind == Kind.EXCLUDED:
            left_out = _photos_of(space, lessons[part.word])
            taught = replace(taught, excluded=taught.excluded | left_out)
        elif part.word in learned and part.word != understood.key:
            taught = _with_part(taught, space, part, lessons[part.word], probe)
    if understood.key in learned:
        taught = _with_whole(taught, space, lessons[understood.key], probe)
    return taught


def _as_seen(vocabulary: Vocabulary, word: str, space: Space) -> Lesson:
    lesson = vocabulary.lessons[word]
    return vocabulary.seen_by(space.network, lesson) if space.network else lesson


def _with_part(taught: Taught, space: Space, part: Part, lesson: Lesson, probe: Probe) -> Taught:
    """Mix a concept into the ranking by one part of the query."""
    concept = learn(space, lesson)
    taught = _naming(taught, lesson)
    if concept is None:
        return taught
    share = _share(concept, Query(weights=label_weights([part]), limit=PROBED), probe)
    return _mixed(taught, space, concept, share, only=part)


def _with_whole(taught: Taught, space: Space, lesson: Lesson, probe: Probe) -> Taught:
    """Mix a concept into the ranking by the query as a whole, and count the votes for it."""
    concept = learn(space, lesson)
    taught = _naming(taught, lesson)
    weights = label_weights(taught.understanding.parts)
    if concept is not None:
        query = Query(weights=weights, boosts=taught.boosts, limit=PROBED)
        taught = _mixed(taught, space, concept, _share(concept, query, probe))
    elif weights:
        bad = gather(space, lesson)[1]
        taught = replace(taught, bad=bad, damping=damping(space, bad))
    tallies = lesson.tallies()
    boosts, voted_bad = apply_votes(taught.boosts, tallies)
    return replace(taught, boosts=boosts, excluded=taught.excluded | voted_bad, tallies=tallies)


def _naming(taught: Taught, lesson: Lesson) -> Taught:
    """Keep the names of a lesson's uploads, for reasons."""
    names = {id: upload.name for id, upload in lesson.uploads.items()}
    return replace(taught, uploads={**taught.uploads, **names})


def _share(concept: Concept, query: Query, probe: Probe) -> float:
    """Return how much of a ranking gives way to a concept: all of it where nothing else ranks."""
    if not query.weights and not query.boosts:
        return 1.0
    return share_of_concept(probe(query), concept.good.ids, concept.bad.ids)


def _mixed(
    taught: Taught, space: Space, concept: Concept, share: float, only: Part | None = None
) -> Taught:
    """Let a concept take its share of one part, or of all that is in the ranking up to now."""
    keep = 1.0 if only else 1 - share
    boosts = {id: boost * keep for id, boost in taught.boosts.items()}
    near = np.flatnonzero(concept.scores > 0)
    names = space.names(concept.rows[near])
    for id, score in zip(names, concept.scores[near].tolist(), strict=True):
        boosts[id] = boosts.get(id, 0.0) + share * score
    understanding = _scaled(taught.understanding, only, 1 - share)
    return replace(
        taught, understanding=understanding, boosts=boosts, good=(*taught.good, concept.good)
    )


def label_weights(parts: Iterable[Part]) -> dict[str, float]:
    """Return the weight of each label, added up over the parts that are asked for."""
    weights: dict[str, float] = defaultdict(float)
    for part in parts:
        if part.kind != Kind.EXCLUDED:
            for wnid, weight in part.labels.items():
                weights[wnid] += weight
    return {wnid: weight for wnid, weight in weights.items() if weight > 0}


def _scaled(understanding: Understanding, only: Part | None, factor: float) -> Understanding:
    """Make the labels of the parts that are asked for count less; 0 takes them out."""
    parts = [
        part
        if part.kind == Kind.EXCLUDED or only not in (None, part)
        else replace(part, labels={w: weight * factor for w, weight in part.labels.items()})
        for part in understanding.parts
    ]
    return replace(understanding, parts=tuple(parts))


def _photos_of(space: Space, lesson: Lesson) -> frozenset[str]:
    """Photos that are more likely to show a learned word than not, which "-word" leaves out."""
    concept = learn(space, lesson)
    if concept is None:
        return frozenset()
    rows = concept.rows[concept.scores >= concept.least]
    bad = {id for id, tally in lesson.tallies().items() if tally.is_bad}
    return frozenset({*concept.good.ids, *space.names(rows)} - bad)
