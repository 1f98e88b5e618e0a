"""Why a photo was found by what was taught: which vote, or which example."""

from collections.abc import Iterable, Mapping

import numpy as np

from indexer.kinds import Kind
from indexer.queries import Match, Query, Reason
from indexer.stores import Store
from search.teaching.concept import Examples
from search.teaching.taught import Taught

Nearest = Mapping[str, tuple[str, float]]
"""Photo id -> id of the example it is most like, and their cosine."""


class Explainer:
    """Explains the hits of one search."""

    def __init__(self, store: Store, taught: Taught, hits: Iterable[Match]) -> None:
        """Find the examples nearest to each hit, and their names."""
        paths = {hit.id: hit.paths for hit in hits}
        self._taught = taught
        near = [id for id in paths if id in taught.boosts and not self._is_voted(id)]
        self._good = _nearest(taught, taught.good, near)
        bad = (taught.bad,) if taught.bad else ()
        self._bad = _nearest(taught, bad, [id for id in paths if id in taught.damping])
        examples = {id for near in (self._good, self._bad) for id, _ in near.values()}
        self._names = {**taught.uploads, **_names(store, examples, paths)}

    def boost(self, id: str, score: float) -> Reason:
        """Say where the boost of a photo comes from."""
        if self._is_voted(id):
            tally = self._taught.tallies[id]
            against = f", {tally.bad} against" if tally.bad else ""
            return Reason(Kind.VOTE, f"marked good by {_votes(tally.good)}{against}", score)
        return Reason(Kind.NEIGHBOUR, self._near(self._good, id, "good"), score)

    def damping(self, id: str, score: float) -> Reason:
        """Say why a photo lost a part of its score, which is negative."""
        tally = self._taught.tallies.get(id)
        if tally is not None and tally.is_bad:
            return Reason(Kind.DAMPING, f"marked bad by {_votes(tally.bad)}", score)
        return Reason(Kind.DAMPING, self._near(self._bad, id, "bad"), score)

    def _is_voted(self, id: str) -> bool:
        tally = self._taught.tallies.get(id)
        return tally is not None and tally.is_good

    def _near(self, nearest: Nearest, id: str, mark: str) -> str:
        if id not in nearest:  # a new photo that the space does not have yet
            return f"near photos marked {mark}"
        example, cosine = nearest[id]
        return f"near {self._names.get(example, 'a photo')} marked {mark} ({cosine:.2f})"


def _votes(number: int) -> str:
    return "1 vote" if number == 1 else f"{number} votes"


def _nearest(taught: Taught, examples: Iterable[Examples], hits: list[str]) -> Nearest:
    if taught.space is None:
        return {}
    rows = {id: row for id in hits if (row := taught.space.row(id)) is not None}
    points = taught.space.take(np.fromiter(rows.values(), np.int64, len(rows)))
    found = [some.nearest(points) for some in examples if some.ids]
    if not found:
        return {}
    best = [max(near, key=lambda pair: pair[1]) for near in zip(*found, strict=True)]
    return dict(zip(rows, best, strict=True))


def _names(store: Store, ids: set[str], paths: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """File names of examples in the library; most of them are hits themselves."""
    unknown = sorted(ids - paths.keys())
    found = {id: paths[id] for id in ids & paths.keys()}
    if unknown:  # by a search, because that does not read their vectors
        query = Query(boosts=dict.fromkeys(unknown, 1.0), limit=len(unknown))
        found |= {match.id: match.paths for match in store.ranking.search(query)}
    return {id: paths[0].rpartition("/")[2] for id, paths in found.items()}
