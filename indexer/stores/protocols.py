"""What a store is: a bundle of parts, each a protocol of its own, which every kind of store has.

A part that implements one of these protocols inherits its documentation.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from indexer.derived.vectors import Vectors
from indexer.filters import Filter
from indexer.records import (
    Counts,
    Event,
    Failure,
    File,
    Learned,
    Match,
    Neighbour,
    Origin,
    Photo,
    Provenance,
    Query,
    Request,
    Searched,
    StoreInfo,
    Wanted,
)

PICTURES = "thumbnails"
"""Name of a derived folder of pictures, the same whatever network describes their photos."""


class Identity(Protocol):
    """What made a store, what tells it from others, and what it is a copy of."""

    def read(self) -> Provenance | None:
        """Return how the store came to be, in one request; None where there is no store yet.

        Raises:
            Conflict: the store was made with a mapping version that this Magpie cannot read.
        """

    def info(self) -> StoreInfo | None:
        """Return what made the store, an incomplete copy too; None where there is no store yet.

        Raises:
            Conflict: as `read`.
        """
        made = self.read()
        return made.info if made else None

    def origin(self) -> Origin | None:
        """Return what the store is a copy of; None where it is not a copy, or does not exist.

        Raises:
            Conflict: as `read`.
        """
        made = self.read()
        return made.origin if made else None

    def token(self) -> str:
        """Return what tells this store from all others, by whatever name it is reached.

        Raises:
            NotFound: there is no store.
        """

    def create(self, info: StoreInfo, origin: Origin | None = None) -> None:
        """Make the store unless it exists.

        Args:
            info: what makes it.
            origin: what it is to be a copy of; a store that exists keeps its own.

        Raises:
            Conflict: it exists with another model, weights or dimensions; or it is an incomplete
                copy, and no origin is given.
        """

    def set_origin(self, origin: Origin) -> None:
        """Record how far a copy that `create` began has come.

        Raises:
            NotFound: there is no store.
        """


class Photos(Protocol):
    """The photos, one document for each distinct content; every method may raise `StoreAway`."""

    def put(self, photos: Iterable[Photo]) -> list[Failure]:
        """Write whole photos in bulk, item by item; a failed item fails no other.

        A photo with `version` None must not exist yet; any other replaces exactly the state with
        that version. Otherwise the item comes back as a `Failure` with `conflict` set. Items that
        the server refused for a passing reason were retried before they come back.
        """

    def get(self, ids: Iterable[str]) -> dict[str, Photo]:
        """Return the photos that exist, by id, with their versions."""

    def existing(self, ids: Iterable[str]) -> set[str]:
        """Return those of `ids` that photos have; sees every write at once, and reads no photo."""

    def delete(self, ids: Iterable[str]) -> None:
        """Remove photos; unknown ids are ignored."""

    def count(self) -> int:
        """Return the number of photos; 0 where there is no store yet."""

    def scan(self) -> Iterator[Photo]:
        """Yield all photos in id order, in memory that does not grow with the library."""

    def paths(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield every photo's id and paths, in id order."""

    def vectors(self) -> Vectors:
        """Return all ids in order and the matrix of their vectors, memory-mapped.

        Raises:
            NotFound: there is no store.
        """

    def state(self) -> str:
        """Return a text that changes with every write to photos. Cheap.

        What is before its last ":" changes only when all photos are exchanged.

        Raises:
            NotFound: there is no store.
        """


class NeighbourLists(Protocol):
    """The neighbours that are stored with every photo."""

    def read(self, since: str | None = None) -> Iterator[tuple[str, tuple[Neighbour, ...]]]:
        """Yield every photo's id and stored neighbour list, in id order.

        Args:
            since: a `Photos.state` that was read before; then lists that were written later come,
                and perhaps others: all of them where the store cannot tell.
        """

    def replace(self, lists: Mapping[str, Sequence[Neighbour]]) -> None:
        """Replace the neighbour lists of these photos and nothing else; unknown ids are ignored.

        Counts as a write: a version that was read before is stale afterwards.
        """


class FileRecords(Protocol):
    """The files that were read, so that unchanged ones need not be read again."""

    def read(self) -> Iterator[File]:
        """Yield all file records in path order."""

    def put(self, files: Iterable[File]) -> None:
        """Write file records, replacing those of the same paths."""

    def delete(self, paths: Iterable[str]) -> None:
        """Remove file records; unknown paths are ignored."""


class Ranking(Protocol):
    """What searches the photos."""

    def search(self, query: Query) -> list[Match]:
        """Rank as `Query` says.

        Raises:
            BadValue: offset + limit over 10,000 (Elasticsearch's own bound, kept by all stores).
        """

    def request(self, query: Query) -> Request:
        """Return what `search` sends to a server, for people to send it themselves.

        Raises:
            BadValue: the store has no server; or as `search`.
        """

    def sample(
        self, seed: int, limit: int, offset: int = 0, filters: Sequence[Filter] = ()
    ) -> list[Match]:
        """Return photos in random order, without those that filters leave out; scores are 0.

        While nothing is written, the slices of one seed together are all photos, each once.

        Raises:
            BadValue: offset + limit over 10,000, as in `search`.
        """


class EventLog(Protocol):
    """All that users taught; append-only: no event is ever changed or removed."""

    def append(self, events: Iterable[Event]) -> None:
        """Write events, durable and visible to all processes afterwards.

        An event whose id is already in the log is ignored, so that writing again does no harm.

        Raises:
            NotFound: there is no store.
            StoreAway: nothing was written to SQLite; in Elasticsearch some events may have been.
        """

    def read(self, after: int = 0) -> Iterator[Event]:
        """Yield the events of a higher `Event.number` than `after`, in order of number.

        Others may come again before them: callers tell events by their ids.
        """

    def state(self) -> int:
        """Return a number that grows with every event; 0 where there is none. Cheap."""

    def count(self) -> int:
        """Return the number of events."""


class SearchLog(Protocol):
    """What was searched for; nothing of it changes a ranking."""

    def append(self, searches: Iterable[Searched]) -> None:
        """Write searches.

        One that has a number, as it comes from another log, is ignored where that number is
        already in the log, so that writing again does no harm.

        Raises:
            NotFound: there is no store.
            StoreAway: nothing was written to SQLite; in Elasticsearch some searches may have been.
        """

    def read(self) -> Iterator[Searched]:
        """Yield all searches in order of number, in memory that does not grow with the log."""

    def count(self) -> int:
        """Return the number of searches in the log."""

    def wanted(self, limit: int) -> list[Wanted]:
        """Return the unfamiliar words that were asked for most often, ties by word."""


class LearnedTable(Protocol):
    """The learned words, for people's own queries; derived from the events, and never read back."""

    def replace(self, learned: Iterable[Learned], state: int) -> None:
        """Make these the learned words.

        Args:
            learned: all words, each once.
            state: the `EventLog.state` that they were derived from; what was derived from a later
                one stays.

        Raises:
            NotFound: there is no store.
        """

    def read(self) -> list[Learned]:
        """Return the learned words in order; none where there is no store."""


class Renewal(Protocol):
    """How photos that another network describes take the place of those that a store has.

    What people taught and searched for stays; only photos and file records are exchanged.
    """

    def next(self) -> "Store":
        """Return the store beside this one that is being filled; it need not exist yet."""

    def swap(self) -> None:
        """Put the photos of `next` in the place of this store's, in one step, and keep the old.

        Searches and clicks go on meanwhile, in other processes too, and nothing that was
        acknowledged is lost; processes that have the store open use the new photos from then on.

        Raises:
            StoreAway: all is as it was.
        """

    def old(self) -> list[str]:
        """Return names of what was replaced and is kept."""

    def drop_old(self) -> None:
        """Remove what was replaced."""

    def cancel(self) -> None:
        """Remove `next`."""


class Store(Protocol):
    """A library of photos. Every method, of its parts too, may raise `StoreAway`.

    Writes are durable when a method returns; `refresh` makes them visible to searches, vectors and
    scans (SQLite shows them at once). `Photos.get` sees every write at once.

    Attributes:
        location: the store's URL for messages: never a password in it.
        is_remote: whether a server does the work, for which threads merely wait.
        identity: what made the store.
        photos: the photos.
        lists: the neighbours stored with them.
        files: the files that hold them.
        ranking: what searches them.
        events: the log of what users taught.
        searches: the log of searches.
        learned: the learned words.
        renewal: the way to photos that another network describes.
    """

    location: str
    is_remote: bool
    identity: Identity
    photos: Photos
    lists: NeighbourLists
    files: FileRecords
    ranking: Ranking
    events: EventLog
    searches: SearchLog
    learned: LearnedTable
    renewal: Renewal

    def refresh(self) -> None:
        """Make all writes visible to searches and scans."""

    def counts(self) -> Counts:
        """Count what the store holds, without reading it.

        Raises:
            NotFound: there is no store.
        """

    def derived(self, name: str) -> Path:
        """Return where a file belongs that is made from the store and can be rebuilt.

        Raises:
            NotFound: there is no store.
        """

    def size(self) -> int:
        """Return the bytes that the store takes on disk, derived files included."""

    def close(self) -> None:
        """Release files and connections; the store is not used afterwards."""
