"""How much of a ranking by labels gives way to a learned concept."""

from collections.abc import Collection, Iterable

MOST = 0.95
EVIDENCE = 2.0
CONTRADICTION = 3.0
UNSEEN = 0.05
"""Chosen on one half of the queries of the everyday photos; see docs/teaching.md."""


def share_of_concept(ranking: Iterable[str], good: Collection[str], bad: Collection[str]) -> float:
    """Return the concept's share, in [0, 0.95].

    Where labels put the good photos before the bad ones they are right, and stay; where bad ones
    come first they are wrong, and the concept takes over, the more so the more good photos it was
    learned from. A photo that was not judged counts little, because it may be good.

    Args:
        ranking: ids by label score, best first; all others come after these.
        good, bad: ids of photos that were judged; at least one good.
    """
    before, contradictions = 0.0, {}
    for id in ranking:
        if id in good:
            contradictions[id] = before
        else:
            before += 1 if id in bad else UNSEEN
    doubts = [contradictions.get(id, before) for id in good]
    doubt = sum(count / (count + CONTRADICTION) for count in doubts) / len(doubts)
    return min(MOST, doubt**2 * len(good) / (len(good) + EVIDENCE))
