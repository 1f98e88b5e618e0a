"""What a library answers: plain records that commands and routes turn into JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from indexer.filters import Filter
from indexer.neighbours import About
from indexer.records import ANONYMOUS, DEFAULT_LIMIT, Hit, Learned, Wanted
from search.teaching.votes import Tally
from search.words import Part


@dataclass(frozen=True, slots=True)
class Question:
    """What a search asks for in words.

    Attributes:
        text: as a person typed it.
        switched_off: names of parts (see `Part.name`) to leave aside.
        limit, offset: the slice of the ranking to return.
        user: who asks; it enters the log of searches and does not change the ranking.
        filters: what leaves photos out, besides the words.
    """

    text: str
    switched_off: frozenset[str] = frozenset()
    limit: int = DEFAULT_LIMIT
    offset: int = 0
    user: str = ANONYMOUS
    filters: tuple[Filter, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a search.

    Attributes:
        query: the words as they were given.
        familiar: whether any word was understood.
        parts: how each part of the query was understood.
        suggestions: words that would find something, if the query did not.
        hits: best first.
        key: the word under which judgements of these hits are kept; "" where nothing is asked for.
        learned: what was taught of the parts, and of the query as a whole.
        judged: the votes for those of the hits that were judged for this query.
        switched_off: the parts that were, as they would have been understood.
    """

    query: str
    familiar: bool
    parts: tuple[Part, ...]
    suggestions: tuple[str, ...]
    hits: tuple[Hit, ...]
    key: str = ""
    learned: tuple[Learned, ...] = ()
    judged: Mapping[str, Tally] = field(default_factory=dict)
    switched_off: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Status:
    """What a store holds.

    Attributes:
        store: its URL, without a password.
        photos, files: numbers of photos and of readable files.
        unreadable: number of files that could not be read.
        linked: number of photos whose neighbours are stored.
        index: what finds the photos nearest to a vector.
        model, weights, dimensions: what made it: name, sha256, length of a vector.
        bytes: its size on disk.
    """

    store: str
    photos: int
    files: int
    unreadable: int
    linked: int
    index: About
    model: str
    weights: str
    dimensions: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Demand:
    """What people searched for.

    Attributes:
        searches: number of searches in the log.
        wanted: unfamiliar words that were asked for, most often first.
    """

    searches: int
    wanted: tuple[Wanted, ...]
