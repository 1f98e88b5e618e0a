"""The straight line of a search: words -> weights -> store -> hits that explain themselves."""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from indexer.imagenet import name
from indexer.records import Hit, Match, Query, Reason, Without
from indexer.stores import Store
from search.answers import Answer
from search.likeness import Likeness
from search.words import EXCLUDED_LEAST, Part, Understanding, Words

EXCLUDED = "excluded"


def search(
    store: Store,
    words: Words,
    text: str,
    likeness: Likeness | None = None,
    limit: int = 20,
    offset: int = 0,
) -> Answer:
    """Rank the photos of `store` by `text` and, where given, by likeness to an example.

    Raises:
        BadValue: offset + limit is over 10,000.
    """
    understanding = words.understand(text)
    query = to_query(understanding, likeness, limit, offset)
    matches = store.search(query) if query.weights or query.boosts else []
    return Answer(
        query=text,
        familiar=understanding.familiar,
        words=understanding.parts,
        suggestions=understanding.suggestions,
        hits=tuple(to_hit(match, understanding, likeness) for match in matches),
    )


def to_query(
    understanding: Understanding, likeness: Likeness | None, limit: int, offset: int
) -> Query:
    """Say what was understood in numbers: weights of parts add up, excluded parts leave out."""
    weights: dict[str, float] = defaultdict(float)
    without = []
    for part in understanding.parts:
        if part.kind == EXCLUDED:
            without.append(Without(part.labels, EXCLUDED_LEAST))
            continue
        for wnid, weight in part.labels.items():
            weights[wnid] += weight
    return Query(
        weights=dict(weights),
        boosts=likeness.boosts if likeness else {},
        without=tuple(without),
        limit=limit,
        offset=offset,
    )


def to_hit(match: Match, understanding: Understanding, likeness: Likeness | None) -> Hit:
    """Explain a match: its reasons, largest first, add up to its score."""
    reasons = [
        reason
        for part in understanding.parts
        if part.kind != EXCLUDED
        for reason in _label_reasons(match, part)
    ]
    if likeness and match.id in likeness.boosts:
        reasons.append(Reason("similar", likeness.what, likeness.boosts[match.id]))
    reasons.sort(key=lambda reason: -reason.score)
    return Hit(
        id=match.id,
        path=match.paths[0],
        score=match.score,
        reasons=tuple(reasons),
        width=match.width,
        height=match.height,
        colour=match.colour,
    )


def _label_reasons(match: Match, part: Part) -> Iterator[Reason]:
    for wnid in part.labels.keys() & match.labels.keys():
        score = float(np.float32(part.labels[wnid]) * np.float32(match.labels[wnid]))
        why = part.reasons.get(wnid)
        what = f"{name(wnid)}, {why}" if why else name(wnid)
        yield Reason(part.kind, what, score)
