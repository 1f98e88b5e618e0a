"""Where photos live: one file a store, loaded by the scheme of its URL.

A new store is one new file `indexer/stores/<name>.py` with a function `open_store(url)`, and a
line in `SCHEMES` where a URL's scheme is not the name of its file.
"""

import importlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from indexer.derived.vectors import Vectors
from indexer.errors import BadValue, Conflict
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
    Query,
    Request,
    Searched,
    StoreInfo,
    Wanted,
)

PICTURES = "thumbnails"
"""Name of a derived folder of pictures, the same whatever network describes their photos."""

MOST_RESULTS = 10_000
"""Elasticsearch's index.max_result_window, kept by all stores."""

SCHEMES = {"sqlite": "sqlite", "http": "elasticsearch", "https": "elasticsearch"}


class EventLog(Protocol):
    """All that users taught; append-only: no event is ever changed or removed."""

    def append(self, events: Iterable[Event]) -> None:
        """Write events, durable and visible to all processes afterwards.

        An event whose id is there already is ignored, so that writing again does no harm.

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
        """Number of events."""


class SearchLog(Protocol):
    """What was searched for; nothing of it changes a ranking."""

    def append(self, searches: Iterable[Searched]) -> None:
        """Write searches.

        One that has a number, as it comes from another log, is ignored where that number is there
        already, so that writing again does no harm.

        Raises:
            NotFound: there is no store.
            StoreAway: nothing was written to SQLite; in Elasticsearch some searches may have been.
        """

    def read(self) -> Iterator[Searched]:
        """Yield all searches in order of number, in memory that does not grow with the log."""

    def count(self) -> int:
        """Number of searches that were written."""

    def wanted(self, limit: int) -> list[Wanted]:
        """Return the unfamiliar words that were asked for most often, ties by word."""


class WordTable(Protocol):
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
        acknowledged is lost; whoever has the store open uses the new photos from then on.

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
    """A library of photos. Every method may raise `StoreAway`.

    Writes are durable when a method returns; `refresh` makes them visible to `search`, `vectors`
    and the scans (SQLite shows them at once). `get` sees every write at once.
    """

    @property
    def location(self) -> str:
        """The store's URL for messages: never a password in it."""

    @property
    def is_remote(self) -> bool:
        """Whether a server does the work, for which threads merely wait."""

    @property
    def events(self) -> EventLog:
        """The log of feedback."""

    @property
    def searches(self) -> SearchLog:
        """The log of searches."""

    @property
    def words(self) -> WordTable:
        """The learned words."""

    @property
    def renewal(self) -> Renewal:
        """The way to photos that another network describes."""

    def info(self) -> StoreInfo | None:
        """What made this store; None where there is no store yet.

        Raises:
            Conflict: the store was made by another mapping version, or is half a copy.
        """

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
            Conflict: it exists with another model, weights or dimensions.
        """

    def origin(self) -> Origin | None:
        """What this store is a copy of; None where it is none, or not there."""

    def set_origin(self, origin: Origin) -> None:
        """Write down how a copy that `create` began stands.

        Raises:
            NotFound: there is no store.
        """

    def put(self, photos: Iterable[Photo]) -> list[Failure]:
        """Write whole photos in bulk, item by item; a failed item fails no other.

        A photo with `version` None must not exist yet; any other replaces exactly the state with
        that version. Otherwise the item comes back as a `Failure` with `conflict` set. Items that
        the server refused for a passing reason were retried before they come back.
        """

    def get(self, ids: Iterable[str]) -> dict[str, Photo]:
        """Return the photos that exist, by id, with their versions."""

    def delete(self, ids: Iterable[str]) -> None:
        """Remove photos; unknown ids are ignored."""

    def count(self) -> int:
        """Number of photos."""

    def counts(self) -> Counts:
        """Count what there is, without reading it.

        Raises:
            NotFound: there is no store.
        """

    def scan(self) -> Iterator[Photo]:
        """Yield all photos in id order, in memory that does not grow with the library."""

    def search(self, query: Query) -> list[Match]:
        """Rank as `Query` says.

        Raises:
            BadValue: offset + limit over 10,000 (Elasticsearch's own bound, kept by all stores).
        """

    def request(self, query: Query) -> Request:
        """Return what `search` sends to a server, for people's own use of it.

        Raises:
            BadValue: the store has no server; or as `search`.
        """

    def sample(self, seed: int, limit: int, offset: int = 0) -> list[Match]:
        """Return photos in an order by chance, their scores 0.

        While nothing is written, the slices of one seed together are all photos, each once.

        Raises:
            BadValue: offset + limit over 10,000, as in `search`.
        """

    def vectors(self) -> Vectors:
        """All ids in order and the matrix of their vectors, memory-mapped."""

    def places(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield every photo's id and paths, in id order."""

    def neighbours(self, since: str | None = None) -> Iterator[tuple[str, tuple[Neighbour, ...]]]:
        """Yield every photo's id and stored neighbour list, in id order.

        Args:
            since: a `state` that was read before; then lists that were written later come, and
                perhaps others: all of them where the store cannot tell.
        """

    def set_neighbours(self, lists: Mapping[str, Sequence[Neighbour]]) -> None:
        """Replace the neighbour lists of these photos and nothing else; unknown ids are ignored.

        Counts as a write: a version that was read before is stale afterwards.
        """

    def files(self) -> Iterator[File]:
        """Yield all file records in path order."""

    def put_files(self, files: Iterable[File]) -> None:
        """Write file records, replacing those of the same paths."""

    def delete_files(self, paths: Iterable[str]) -> None:
        """Remove file records; unknown paths are ignored."""

    def refresh(self) -> None:
        """Make all writes visible to searches and scans."""

    def state(self) -> str:
        """Return a text that changes with every write to photos. Cheap.

        What is before its last ":" changes only when all photos are exchanged.

        Raises:
            NotFound: there is no store.
        """

    def derived(self, name: str) -> Path:
        """Return where a file belongs that is made from the store and can be made again.

        Raises:
            NotFound: there is no store.
        """

    def size(self) -> int:
        """Bytes that the store takes on disk, derived files included."""

    def close(self) -> None:
        """Release files and connections; the store is not used afterwards."""


def open_store(url: str) -> Store:
    """Open the store that `url` names; nothing is created, and a missing store is no error.

    Args:
        url: "sqlite:///relative.db", "sqlite:////absolute.db" or "http(s)://host:port/name".

    Raises:
        BadValue: the scheme is unknown, or the URL is malformed.
    """
    scheme = url.partition("://")[0]
    if scheme not in SCHEMES:
        known = ", ".join(f"{name}://" for name in SCHEMES)
        # only the beginning: the rest may hold a password
        raise BadValue(f"unknown store {scheme[:20]!r}: give a URL that begins with {known}")
    try:
        urlsplit(url)
    except ValueError as error:
        raise BadValue(f"the store's URL is malformed ({error}): see --help") from None
    module = importlib.import_module(f"indexer.stores.{SCHEMES[scheme]}")
    store: Store = module.open_store(url)
    return store


def check_whole(place: str, origin: Origin | None) -> None:
    """Refuse a store that is not yet what it is to be a copy of.

    Raises:
        Conflict: half of it may be missing.
    """
    if origin and not origin.copied:
        raise Conflict(
            f"{place} is not yet a whole copy of {origin.place}: run the same `magpie copy` again, "
            "which goes on where it was"
        )


def check_slice(limit: int, offset: int) -> None:
    """Refuse a slice of a ranking that lies too far down.

    Raises:
        BadValue: it ends beyond `MOST_RESULTS`.
    """
    if offset + limit > MOST_RESULTS:
        raise BadValue(
            f"results {offset} to {offset + limit} were asked for, at most {MOST_RESULTS} can be "
            "had: use a smaller limit or offset"
        )
