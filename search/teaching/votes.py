"""What votes do to a ranking: good ones lift a photo above all else, bad ones leave it out.

More good than bad votes boost a photo by 2 + Wilson's lower bound, more bad than good ones exclude
it for that word, and as many of both change nothing. Photos near those voted good are lifted by
concept.py; where there are bad votes only, damping.py lowers photos like them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Self

CONFIDENCE = 1.96
"""Standard deviations of a normal distribution: 95 % of it lie within."""

ABOVE_LABELS = 2.0
"""More than the weights of labels can add up to: probabilities add up to 1, weights are below 2."""

CONCEPT_AMONG_VOTED = 0.1
"""What nearness adds at most to a photo that was voted good: it orders equal votes. The Wilson
bounds of one and of two votes lie further apart."""


@dataclass(frozen=True, slots=True)
class Vote:
    """What one user thinks of a photo; `time` as in `Event`, by which a later vote wins."""

    good: bool
    time: str


@dataclass(frozen=True, slots=True)
class Tally:
    """The votes of all users for a photo and a word."""

    good: int
    bad: int

    @classmethod
    def of(cls, votes: Iterable[Vote]) -> Self:
        """Count votes."""
        opinions = [vote.good for vote in votes]
        return cls(sum(opinions), len(opinions) - sum(opinions))

    @property
    def is_good(self) -> bool:
        """Whether more users think the photo good than bad."""
        return self.good > self.bad

    @property
    def is_bad(self) -> bool:
        """Whether more users think the photo bad than good."""
        return self.bad > self.good

    @property
    def boost(self) -> float:
        """What a good photo is lifted by, before nearness orders equal votes."""
        return ABOVE_LABELS + wilson_lower_bound(self.good, self.good + self.bad)

    @property
    def weight(self) -> float:
        """How much the votes say about other photos: 1 where all agree, 0 where they are even."""
        return abs(self.good - self.bad) / (self.good + self.bad)


def apply_votes(
    boosts: Mapping[str, float], tallies: Mapping[str, Tally]
) -> tuple[dict[str, float], frozenset[str]]:
    """Lift photos that were voted good above all others, and leave out those voted bad.

    Args:
        boosts: photo id -> addend, by nearness to good photos.
        tallies: photo id -> its votes.

    Returns:
        the boosts with votes, and the ids that are left out.
    """
    most = max(boosts.values(), default=0.0)
    voted = dict(boosts)
    for id, tally in tallies.items():
        if tally.is_good:
            near = boosts.get(id, 0.0) / most if most else 0.0
            voted[id] = tally.boost + CONCEPT_AMONG_VOTED * near
        elif tally.is_bad:
            voted.pop(id, None)
    return voted, frozenset(id for id, tally in tallies.items() if tally.is_bad)


def wilson_lower_bound(good: int, votes: int) -> float:
    """Return the share of good votes that is exceeded with 97.5 % certainty, in [0, 1).

    Ten of ten beat one of one. Wilson 1927, "Probable inference, the law of succession, and
    statistical inference", Journal of the American Statistical Association 22:209-212.
    """
    if votes == 0:
        return 0.0
    share, square = good / votes, CONFIDENCE**2
    spread = CONFIDENCE * sqrt((share * (1 - share) + square / (4 * votes)) / votes)
    return max(0.0, (share + square / (2 * votes) - spread) / (1 + square / votes))
