"""What votes do to a ranking: good ones lift a photo above all else, bad ones leave it out.

More good than bad votes boost a photo by 2 + Wilson's lower bound, more bad than good ones exclude
it for that word, and as many of both change nothing. A single bad vote is doubted where labels
speak for the photo: then it only lowers it. Photos near those voted good are lifted by
concept.py; where there are bad votes only, damping.py lowers photos like them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
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
    """What one user thinks of a photo; `time` as in `Event`, by which a later vote wins.

    `repeated` says that the user had voted it bad before, and did so again.
    """

    good: bool
    time: str
    repeated: bool = False

    def after(self, earlier: "Vote | None") -> "Vote":
        """Return the vote as one that follows an earlier one of the same user."""
        if self.good or earlier is None or earlier.good:
            return self
        return replace(self, repeated=earlier.repeated or earlier.time < self.time)


@dataclass(frozen=True, slots=True)
class VoteCounts:
    """How many users voted a photo good for a word, and how many bad."""

    good: int
    bad: int


@dataclass(frozen=True, slots=True)
class Tally:
    """The votes of all users for a photo and a word.

    `repeated` says whether any user voted it bad again.
    """

    good: int
    bad: int
    repeated: bool = False

    @classmethod
    def of(cls, votes: Iterable[Vote]) -> Self:
        """Count votes."""
        known = list(votes)
        good = sum(vote.good for vote in known)
        return cls(good, len(known) - good, any(vote.repeated for vote in known))

    @property
    def counts(self) -> VoteCounts:
        """What people are told of the votes."""
        return VoteCounts(self.good, self.bad)

    @property
    def is_good(self) -> bool:
        """Whether more users think the photo good than bad."""
        return self.good > self.bad

    @property
    def is_bad(self) -> bool:
        """Whether more users think the photo bad than good."""
        return self.bad > self.good

    @property
    def is_slight(self) -> bool:
        """Whether a single vote, not repeated, is all that makes the photo bad."""
        return self.bad - self.good == 1 and not self.repeated

    @property
    def boost(self) -> float:
        """What a good photo is lifted by, before nearness orders equal votes."""
        return ABOVE_LABELS + wilson_lower_bound(self.good, self.good + self.bad)

    @property
    def weight(self) -> float:
        """How much the votes say about other photos: 1 where all agree, 0 where they are even."""
        return abs(self.good - self.bad) / (self.good + self.bad)


LABELS_SPEAK = 0.3
"""Share of the highest score that labels can give from which on they speak for a photo."""

SLIPS = 2
"""How many photos that labels speak for may be voted bad by slips alone."""

DOUBTED_KEEPS = 0.7
"""What a photo keeps of its score while its one bad vote is doubted."""


def doubted(
    tallies: Mapping[str, Tally], by_labels: Mapping[str, float], most: float
) -> frozenset[str]:
    """Return the photos whose bad vote may be a slip, because labels speak for them.

    One vote more against than for a photo is not enough there, unless a user repeated it; and only
    where other photos were voted good, which labels can be compared with. Where more than `SLIPS`
    photos are voted bad that labels speak for, and none good, it is labels that are wrong.

    Args:
        tallies: photo id -> its votes.
        by_labels: photo id -> score without what was taught.
        most: highest score that labels can give; 0 where the query names none.
    """
    if not most or not any(tally.is_good for tally in tallies.values()):
        return frozenset()
    named = {
        id: tally for id, tally in tallies.items() if by_labels.get(id, 0.0) >= LABELS_SPEAK * most
    }
    slight = frozenset(id for id, tally in named.items() if tally.is_slight)
    is_slip = len(slight) <= SLIPS or any(tally.is_good for tally in named.values())
    return slight if is_slip else frozenset()


def apply_votes(
    boosts: Mapping[str, float], tallies: Mapping[str, Tally], doubted: frozenset[str]
) -> tuple[dict[str, float], frozenset[str]]:
    """Lift photos that were voted good above all others, and leave out those voted bad.

    Args:
        boosts: photo id -> addend, by nearness to good photos.
        tallies: photo id -> its votes.
        doubted: photos that stay although they were voted bad.

    Returns:
        the boosts with votes, and the ids that are left out.
    """
    most = max(boosts.values(), default=0.0)
    voted = dict(boosts)
    for id, tally in tallies.items():
        if tally.is_good:
            near = boosts.get(id, 0.0) / most if most else 0.0
            voted[id] = tally.boost + CONCEPT_AMONG_VOTED * near
        elif tally.is_bad and id not in doubted:
            voted.pop(id, None)
    bad = frozenset(id for id, tally in tallies.items() if tally.is_bad)
    return voted, bad - doubted


def wilson_lower_bound(good: int, votes: int) -> float:
    """Return the share of good votes that is exceeded with 97.5 % certainty, in [0, 1).

    Ten of ten beat one of one. Wilson 1927, "Probable inference, the law of succession, and
    statistical inference", Journal of the American Statistical Association 22:209-212.
    """
    if good == 0:  # rounding would leave a trace of a share
        return 0.0
    share, square = good / votes, CONFIDENCE**2
    spread = CONFIDENCE * sqrt((share * (1 - share) + square / (4 * votes)) / votes)
    return max(0.0, (share + square / (2 * votes) - spread) / (1 + square / votes))
