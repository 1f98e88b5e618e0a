"""What a store is: a bundle of parts, each a protocol of its own, which every kind of store has.

A part that implements one of these protocols inherits its documentation.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from indexer.facets import Facets
from indexer.filters import Filter
from indexer.queries import Line, Listed, Match, Query, Ranked, Request, TimeKey
from indexer.records import Counts, Origin, Provenance, StoreInfo
from indexer.stores.log_protocols import EventLog, LearnedTable, SearchLog
from indexer.stores.photo_protocols import FileRecords, NeighbourLists, Photos

PICTURES = "thumbnails"
"""Name of the derived file of thumbnails, the same whatever network describes their photos."""


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


class Ranking(Protocol):
    """What searches the photos."""

    def search(self, query: Query) -> list[Match]:
        """Rank as `Query` says.

        Raises:
            BadValue: offset + limit over 10,000 (Elasticsearch's own bound, kept by all stores).
        """

    def find(self, query: Query, line: Line, only_likely: bool = False) -> Ranked:
        """Rank as `search`, and count the likely hits of the whole ranking.

        Where all photos are hits, all of them are likely.

        Args:
            query: what to rank by, and the slice.
            line: where the likely hits end.
            only_likely: whether to leave out the others.

        Raises:
            BadValue: as `search`.
        """

    def ids(self, query: Query) -> list[str]:
        """Return the ids of what `search` finds, in its order; less is read for them.

        Raises:
            BadValue: as `search`.
        """
        return [match.id for match in self.search(query)]

    def listed(self, query: Query, after: TimeKey | None = None) -> Listed:
        """List hits by time, from one on: so a list of any length can be read in parts.

        Hits that are added or removed elsewhere move nothing in the list.

        Args:
            query: in order of time, without an offset.
            after: `Listed.last` of the part before; None for the first one.

        Raises:
            BadValue: limit over 10,000.
        """

    def request(self, query: Query) -> Request:
        """Return what `search` sends to a server, for people to send it themselves.

        Raises:
            BadValue: the store has no server; or as `search`.
        """

    def facets(self, query: Query) -> Facets:
        """Count all hits of a query, whatever slice of them it asks for."""

    def cameras(self) -> list[str]:
        """Return the names of the cameras of all photos, most photos first, ties by name."""

    def sample(
        self, seed: int, limit: int, offset: int = 0, filters: Sequence[Filter] = ()
    ) -> list[Match]:
        """Return photos in random order, without those that filters leave out; scores are 0.

        While nothing is written, the slices of one seed together are all photos, each once.

        Raises:
            BadValue: offset + limit over 10,000, as in `search`.
        """


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

    def scrub(self) -> None:
        """Leave nothing on the disk of what was overwritten or removed, as far as can be told.

        SQLite writes its file anew, which takes room for another one meanwhile.
        """

    def is_read_only(self) -> bool:
        """Tell whether there is a store that takes no writes; False where only a write can tell."""

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

    def damage(self) -> Iterator[str]:
        """Yield a line for everything around the photos that is not what was written.

        The photos themselves are checked as they are read. A server checks its own disks.
        """
        return iter(())

    def mend(self) -> Iterator[str]:
        """Mend it, as far as it can be; yield a line for each thing.

        Raises:
            Damaged: so much is lost that nothing was changed.
        """
        return iter(())

    def vouch(self) -> int:
        """Give photos of earlier versions the checksums that they lack; return how many.

        Whatever damaged them before is not noticed any more.
        """
        return 0

    def remains(self) -> list[Path]:
        """Return files that a store leaves only where it held something.

        They tell a store that was emptied or lost from a place where there never was one. Files
        that hold events, in the form that `magpie export` writes, come first and newest first.
        """
        return []

    def size(self) -> int:
        """Return the bytes that the store takes on disk, derived files included."""

    def close(self) -> None:
        """Release files and connections; the store is not used afterwards."""
