"""What a library answers: plain records that commands and routes turn into JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from indexer.defaults import ANONYMOUS, DEFAULT_LIMIT
from indexer.events import Learned
from indexer.filters import Filter
from indexer.kinds import Order
from indexer.neighbours import About
from indexer.progress.watch_file import Watching
from indexer.queries import Hit, Wanted
from indexer.records import LinkCounts
from search.filters.asked import Asked, FilterPart
from search.teaching.votes import VoteCounts
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
        language: of the person, as browsers name it; "" if not known.
        asked: filters that are given apart from the words.
        order: of the hits; filters or an order by time without words list all photos.
        only_likely: whether hits that are not likely are left out.
    """

    text: str
    switched_off: frozenset[str] = frozenset()
    limit: int = DEFAULT_LIMIT
    offset: int = 0
    user: str = ANONYMOUS
    filters: tuple[Filter, ...] = ()
    language: str = ""
    asked: tuple[Asked, ...] = ()
    order: Order = Order.SCORE
    only_likely: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a search.

    Attributes:
        query: the words as they were given.
        familiar: whether any word was understood.
        parts: how each part of the query was understood.
        suggestions: words that would find something, if the query did not.
        hits: best first.
        likely: how many hits of the whole ranking are likely; without words, all are.
        key: the word under which judgements of these hits are kept; "" where nothing is asked for.
        learned: what was taught of the parts, and of the query as a whole.
        judged: the votes for those of the hits that were judged for this query.
        switched_off: the parts that were, as they would have been understood.
        filters: how each filter was understood, those that are switched off too.
    """

    query: str
    familiar: bool
    parts: tuple[Part, ...]
    suggestions: tuple[str, ...]
    hits: tuple[Hit, ...]
    likely: int
    key: str = ""
    learned: tuple[Learned, ...] = ()
    judged: Mapping[str, VoteCounts] = field(default_factory=dict)
    switched_off: tuple[Part, ...] = ()
    filters: tuple[FilterPart, ...] = ()


@dataclass(frozen=True, slots=True)
class FacetCount:
    """So many photos of a month, a camera, a folder or a format."""

    value: str
    photos: int


@dataclass(frozen=True, slots=True)
class FacetAnswer:
    """How many photos a search finds, and of what.

    Attributes:
        query, familiar, suggestions, filters: as in `Answer`.
        photos: all that it finds.
        years, months: "2019", "2019-05", in order of time; a photo without a capture time counts
            in that of its file, as it does for filters.
        cameras, places, folders, formats: most photos first, ties by name. A photo counts in each
            folder that has a file of it.
        without: photos without a capture time ("date"), a camera, a place.
        more: how many cameras, places, folders and formats there are besides those that are named.
    """

    query: str
    familiar: bool
    suggestions: tuple[str, ...]
    filters: tuple[FilterPart, ...]
    photos: int
    years: tuple[FacetCount, ...]
    months: tuple[FacetCount, ...]
    cameras: tuple[FacetCount, ...]
    places: tuple[FacetCount, ...]
    folders: tuple[FacetCount, ...]
    formats: tuple[FacetCount, ...]
    without: Mapping[str, int]
    more: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class PhotoPage:
    """Some photos of a list by date.

    Attributes:
        hits: newest first; those without a capture time come last, by the time of their files.
        next: where the list goes on; None at its end.
    """

    hits: tuple[Hit, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Months:
    """All photos of a library by the month of their capture time.

    Attributes:
        months: newest first, those with photos.
        undated: photos without a capture time.
    """

    months: tuple[FacetCount, ...]
    undated: int


@dataclass(frozen=True, slots=True)
class UnreadableFile:
    """A file that could not be read, and why: one line in English."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Status:
    """What a store holds.

    Attributes:
        store: its URL, without a password.
        photos, files: numbers of photos and of readable files.
        unreadable: number of files that could not be read.
        left_out: ending -> files that the last runs left out because of it, most first.
        linked: number of photos whose neighbours are stored.
        previews: number of photos that are described by their previews so far.
        index: what finds the photos nearest to a vector.
        model, weights, dimensions, looks: what made it: name, sha256, length of a vector,
            and at how many squares of a photo it looks.
        bytes: its size on disk.
        events: number of events in the history, those that cannot be read included.
        bad_events: those that cannot be read: their ids, or "number 7" where that is all there is.
        read_only: whether it can be searched and not written.
        watching: what processes on this machine follow for it now.
        links_out: links that the last runs followed out of the library.
    """

    store: str
    photos: int
    files: int
    unreadable: int
    left_out: Mapping[str, int]
    linked: int
    previews: int
    index: About
    model: str
    weights: str
    dimensions: int
    looks: int
    bytes: int
    events: int = 0
    bad_events: tuple[str, ...] = ()
    read_only: bool = False
    watching: tuple[Watching, ...] = ()
    links_out: LinkCounts = field(default_factory=LinkCounts)


@dataclass(frozen=True, slots=True)
class Demand:
    """What people searched for.

    Attributes:
        searches: number of searches in the log.
        wanted: unfamiliar words that were asked for, most often first.
    """

    searches: int
    wanted: tuple[Wanted, ...]
