"""Why a photo was found by what was taught: which vote, which example."""

from collections.abc import Iterable, Mapping

from indexer.records import Query, Reason
from indexer.stores import Store
from search.teaching.concept import Examples
from search.teaching.ranking import Taught

Nearest = Mapping[str, tuple[str, float]]
"""Photo id -> id of the example it is most like, and their cosine."""


class Explainer:
    """Explains the hits of one search."""

    def __init__(self, store: Store, taught: Taught, hits: Iterable[str]) -> None:
        """Find the examples nearest to each hit, and their names."""
        hits = list(hits)
        self._taught = taught
        self._good = _nearest(taught, taught.good, [id for id in hits if id in taught.boosts])
        bad = [taught.bad] if taught.bad else []
        self._bad = _nearest(taught, bad, [id for id in hits if id in taught.damping])
        examples = {id for near in (self._good, self._bad) for id, _ in near.values()}
        self._names = _names(store, examples)

    def boost(self, id: str, score: float) -> Reason:
        """Say where the boost of a photo comes from."""
        tally = self._taught.tallies.get(id)
        if tally and tally.good > tally.bad:
            votes = "1 vote" if tally.good == 1 else f"{tally.good} votes"
            against = f", {tally.bad} against" if tally.bad else ""
            return Reason("vote", f"marked good by {votes}{against}", score)
        return Reason("neighbour", f"near {self._example(self._good, id)} marked good", score)

    def damping(self, id: str, score: float) -> Reason:
        """Say why a photo lost a part of its score, which is negative."""
        return Reason("damping", f"near {self._example(self._bad, id)} marked bad", score)

    def _example(self, nearest: Nearest, id: str) -> str:
        if id not in nearest:
            return "photos"
        example, cosine = nearest[id]
        return f"{self._names.get(example, 'an example')} ({cosine:.2f})"


def _nearest(taught: Taught, examples: list[Examples], hits: list[str]) -> Nearest:
    found = {}
    if taught.space is not None and any(some.ids for some in examples):
        for id in hits:
            row = taught.space.row(id)
            if row is not None:
                point = taught.space.points[row]
                found[id] = max((some.nearest(point) for some in examples), key=lambda it: it[1])
    return found


def _names(store: Store, ids: set[str]) -> dict[str, str]:
    """File names of examples in the library; a search does not read their vectors."""
    if not ids:
        return {}
    query = Query(boosts=dict.fromkeys(sorted(ids), 1.0), limit=len(ids))
    return {match.id: match.paths[0].rpartition("/")[2] for match in store.search(query)}
