"""The step `teach` of a search: what was taught for a query, as numbers that a store ranks by."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from indexer.imagenet.ancestors import beside
from indexer.kinds import Kind
from indexer.queries import Query
from search.teaching.concept import Concept, Examples, gather, learn
from search.teaching.damping import damping
from search.teaching.mixing import share_of_concept
from search.teaching.space import Space
from search.teaching.space_file import SpaceKeeper
from search.teaching.vocabulary import Lesson, Vocabulary
from search.teaching.votes import DOUBTED_KEEPS, Tally, apply_votes, doubted
from search.words import Part, Understanding

PROBED = 100
"""Photos of the ranking without a concept that are compared with what was judged."""

Probe = Callable[[Query], Mapping[str, float]]
"""Asks the store how it ranks without what was taught: id -> score, best first."""


@dataclass(frozen=True, slots=True)
class Taught:
    """What teaching made of a query.

    Attributes:
        understanding: of the query; labels weigh less where a concept takes their place.
        boosts: photo id -> addend.
        damping: photo id -> factor in [0, 1].
        excluded: photos that are left out.
        tallies: photo id -> votes for this query.
        looks: what of the boosts comes from photos that look like the text.
        least: what boosts reach of photos that are more likely to show what was taught than not;
            0 where no concept is mixed in.
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
    looks: Mapping[str, float] = field(default_factory=dict)
    least: float = 0.0
    good: tuple[Examples, ...] = ()
    bad: Examples | None = None
    space: Space | None = None
    uploads: Mapping[str, str] = field(default_factory=dict)


def teach(
    understood: Understanding,
    vocabulary: Vocabulary,
    spaces: SpaceKeeper,
    probe: Probe,
    looks: Mapping[str, float] | None = None,
) -> Taught:
    """Add what was taught for the words of a query, and for the query as a whole.

    Args:
        understood: the query.
        vocabulary: what was taught.
        spaces: where photos are near to examples.
        probe: see `Probe`; called once for each part and for the whole, where they were taught.
        looks: what photos are lifted by that look like the text; ids and addends.
    """
    words = {part.word for part in understood.parts} | {understood.key}
    learned = words & vocabulary.names.words
    taught = Taught(understood, boosts=looks or {}, looks=looks or {})
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
    query = replace(ranked_by([part]), limit=PROBED)
    share = _share(concept, query, () if query.is_empty else probe(query))
    return _mixed(taught, space, concept, share, only=part)


def _with_whole(taught: Taught, space: Space, lesson: Lesson, probe: Probe) -> Taught:
    """Mix a concept into the ranking by the query as a whole, and count the votes for it."""
    taught, tallies = _naming(taught, lesson), lesson.tallies()
    parts = taught.understanding.parts
    query = replace(ranked_by(parts), boosts=taught.boosts, limit=PROBED)
    ranking = probe(query) if lesson.has_good() and not query.is_empty else {}
    doubts = doubted(tallies, ranking, most_by_labels(parts))
    concept = learn(space, lesson, doubts)
    if concept is not None:
        taught = _mixed(taught, space, concept, _share(concept, query, ranking))
    elif not query.is_empty:
        bad = gather(space, lesson, doubts)[1]
        taught = replace(taught, bad=bad, damping=damping(space, bad))
    boosts, voted_bad = apply_votes(taught.boosts, tallies, doubts)
    return replace(
        taught,
        boosts=boosts,
        damping={**taught.damping, **dict.fromkeys(sorted(doubts), DOUBTED_KEEPS)},
        excluded=taught.excluded | voted_bad,
        tallies=tallies,
    )


def _naming(taught: Taught, lesson: Lesson) -> Taught:
    """Keep the names of a lesson's uploads, for reasons."""
    names = {id: upload.name for id, upload in lesson.uploads.items()}
    return replace(taught, uploads={**taught.uploads, **names})


def _share(concept: Concept, query: Query, ranking: Iterable[str]) -> float:
    """Return how much of a ranking gives way to a concept: all of it where nothing else ranks."""
    if query.is_empty:
        return 1.0
    return share_of_concept(ranking, concept.good.ids, concept.bad.ids)


def _mixed(
    taught: Taught, space: Space, concept: Concept, share: float, only: Part | None = None
) -> Taught:
    """Let a concept take its share of one part, or of all that is in the ranking up to now."""
    keep = 1.0 if only else 1 - share
    boosts = {id: boost * keep for id, boost in taught.boosts.items()}
    looks = {id: boost * keep for id, boost in taught.looks.items()}
    near = np.flatnonzero(concept.scores > 0)
    names = space.names(concept.rows[near])
    for id, score in zip(names, concept.scores[near].tolist(), strict=True):
        boosts[id] = boosts.get(id, 0.0) + share * score
    return replace(
        taught,
        understanding=_scaled(taught.understanding, only, 1 - share),
        boosts=boosts,
        looks=looks,
        least=keep * taught.least + share * concept.likely,
        good=(*taught.good, concept.good),
    )


def ranked_by(parts: Iterable[Part]) -> Query:
    """Return the query by the parts that are asked for, whose weights add up."""
    labels, ancestors = defaultdict[str, float](float), defaultdict[str, float](float)
    for part in parts:
        if part.kind != Kind.EXCLUDED:
            for wnid, weight in beside(part.labels, part.ancestors).items():
                labels[wnid] += weight
            for synset, weight in part.ancestors.items():
                ancestors[synset] += weight
    return Query(
        weights={wnid: weight for wnid, weight in labels.items() if weight > 0},
        ancestors={synset: weight for synset, weight in ancestors.items() if weight > 0},
    )


def most_by_labels(parts: Iterable[Part]) -> float:
    """Return the highest score that the parts can give to a photo of one label."""
    total = defaultdict[str, float](float)
    for part in parts:
        if part.kind != Kind.EXCLUDED:
            for wnid, weight in part.labels.items():
                total[wnid] += weight
    return max(total.values(), default=0.0)


def _scaled(understanding: Understanding, only: Part | None, factor: float) -> Understanding:
    """Make the labels of the parts that are asked for count less; 0 takes them out."""
    parts = [
        part if part.kind == Kind.EXCLUDED or only not in (None, part) else _weakened(part, factor)
        for part in understanding.parts
    ]
    return replace(understanding, parts=tuple(parts))


def _weakened(part: Part, factor: float) -> Part:
    labels, ancestors = (
        {wnid: weight * factor for wnid, weight in weights.items()}
        for weights in (part.labels, part.ancestors)
    )
    return replace(part, labels=labels, ancestors=ancestors)


def _photos_of(space: Space, lesson: Lesson) -> frozenset[str]:
    """Photos that are more likely to show a learned word than not, which "-word" leaves out."""
    concept = learn(space, lesson)
    if concept is None:
        return frozenset()
    rows = concept.rows[concept.scores >= concept.least]
    bad = {id for id, tally in lesson.tallies().items() if tally.is_bad}
    return frozenset({*concept.good.ids, *space.names(rows)} - bad)
