"""What a search asks in numbers, what it finds, and what the search log keeps of it."""

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from indexer.defaults import DEFAULT_LIMIT
from indexer.filters import Filter
from indexer.kinds import Kind, Order

if TYPE_CHECKING:
    from indexer.records import Photo

LEAST_SCORE = 1.4e-45
"""The smallest float32 above 0: photos of score 0 are not hits."""

NEVER = 1e38
"""A score that no photo has."""


@dataclass(frozen=True, slots=True)
class Query:
    """What a store ranks by, in numbers only.

    score(photo) = (sum over labels of weights[wnid] x probability + the same over ancestors
    + boosts[id]) x damping[id],
    computed as Lucene does: each product of float32 values, summed in float64, cast to float32.
    Photos of score 0 are not hits. Ties by id.

    By time, the order is that of `Taken` in indexer/filters.py, and `everything` is allowed: then
    all photos are hits that filters leave, and have the score 0.

    Attributes:
        weights: wnid of a label -> weight > 0.
        boosts: photo id -> addend >= 0.
        damping: photo id -> factor in [0, 1]; 1 where absent.
        filters: what leaves photos out, whatever their scores.
        limit, offset: the slice of the ranking to return.
        ancestors: wnid of an ancestor -> weight > 0; its probability is what its labels add up to
            (see imagenet/ancestors.py).
        order: of the hits.
        everything: whether all photos are hits.
    """

    weights: Mapping[str, float] = field(default_factory=dict)
    boosts: Mapping[str, float] = field(default_factory=dict)
    damping: Mapping[str, float] = field(default_factory=dict)
    filters: tuple[Filter, ...] = ()
    limit: int = DEFAULT_LIMIT
    offset: int = 0
    ancestors: Mapping[str, float] = field(default_factory=dict)
    order: Order = Order.SCORE
    everything: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether no photo can be a hit."""
        numbers = (self.weights, self.ancestors, self.boosts)
        return not self.everything and not any(any(some.values()) for some in numbers)


@dataclass(frozen=True, slots=True)
class Line:
    """Where the likely hits of a ranking end: at the score max(least, share x best).

    `best` is the highest score of the ranking. Where it is below `doubt`, no hit is likely.

    Attributes:
        least: score >= 0.
        share: of the best score, >= 0.
        doubt: score >= 0.
    """

    least: float
    share: float
    doubt: float = 0.0

    def at(self, best: float) -> float:
        """Return the least score of a likely hit, a float32 above 0 as the stores' scores are."""
        score = max(self.least, self.share * best, LEAST_SCORE) if best >= self.doubt else NEVER
        return float(array("f", [score])[0])


@dataclass(frozen=True, slots=True)
class Request:
    """A search as it is sent to Elasticsearch.

    Attributes:
        index: the index or alias that is searched.
        body: of the request, in JSON types.
    """

    index: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Match:
    """A photo that a store found: what a hit shows of it, and its score.

    `duration`, `captured` and `place` are as in `Photo`.

    Attributes:
        labels: those that the query weighs, and those under ancestors that it weighs.
        ancestors: those that the query weighs, with the probabilities that it was ranked by.
    """

    id: str
    score: float
    paths: tuple[str, ...]
    width: int
    height: int
    colour: str
    labels: Mapping[str, float]
    duration: float | None = None
    ancestors: Mapping[str, float] = field(default_factory=dict)
    captured: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A slice of a ranking, and where its likely hits end.

    Attributes:
        matches: the slice.
        likely: how many hits of the whole ranking are likely.
        line: the least score of a likely hit; 0 where all photos are hits.
    """

    matches: list[Match]
    likely: int
    line: float


TimeKey = tuple[int, str]
"""Where a photo stands in a list by time: milliseconds since 1970, and its id."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Some photos of a list by time.

    Attributes:
        matches: those that can be read: a damaged one is left out.
        last: where the last one stands, readable or not; None where the list ends with it.
    """

    matches: list[Match]
    last: TimeKey | None


@dataclass(frozen=True, slots=True)
class Reason:
    """One part of a score."""

    kind: Kind
    what: str
    score: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A photo that answers a query; the scores of its reasons add up to its score.

    `duration`, `captured` and `place` are as in `Photo`.

    Attributes:
        likely: whether it probably shows what was searched for; None where it was not searched for.
    """

    id: str
    path: str
    score: float
    reasons: tuple[Reason, ...] = ()
    width: int = 0
    height: int = 0
    colour: str = ""
    duration: float | None = None
    captured: str | None = None
    place: str | None = None
    likely: bool | None = None

    @classmethod
    def of(
        cls,
        found: "Match | Photo",
        score: float = 0.0,
        reasons: tuple[Reason, ...] = (),
        likely: bool | None = None,
    ) -> Self:
        """Return a photo as a hit, with its first path."""
        return cls(
            id=found.id,
            path=found.paths[0],
            score=score,
            reasons=reasons,
            width=found.width,
            height=found.height,
            colour=found.colour,
            duration=found.duration,
            captured=found.captured,
            place=found.place,
            likely=likely,
        )


@dataclass(frozen=True, slots=True)
class Searched:
    """One search: an entry of the search log.

    Attributes:
        time: when, ISO 8601 with milliseconds in UTC.
        user: who; "anonymous" where none was named.
        query: the words as they were typed.
        familiar: whether any word was understood.
        unfamiliar: the unknown words, in normal form.
        hits: photos on the first page.
        milliseconds: from the query to the answer.
        number: position in the log that it was read from, from 1; 0 until it is written.
    """

    time: str
    user: str
    query: str
    familiar: bool
    unfamiliar: tuple[str, ...]
    hits: int
    milliseconds: float
    number: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An unfamiliar word, and how many searches asked for it."""

    word: str
    searches: int
