"""Votes for a photo as an answer to a word, and how much they are worth."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from typing import Self

CONFIDENCE = 1.96
"""Standard deviations of a normal distribution: 95 % of it lie within."""


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
    def boost(self) -> float:
        """What the photo is lifted by: 2, above any sum of labels, and its Wilson bound."""
        return 2 + wilson_lower_bound(self.good, self.good + self.bad)

    @property
    def weight(self) -> float:
        """How much the votes say about other photos: 1 where all agree, 0 where they are even."""
        return abs(self.good - self.bad) / (self.good + self.bad)


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
