"""The Python API: one object that indexes a library of photos, searches it and is taught."""

from collections.abc import Iterable, Iterator
from heapq import nsmallest
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.kinds import Order
from indexer.queries import Query
from indexer.stores import Store, open_store
from search.completing import Completing
from search.opened import Choices
from search.teaching.teacher import Teaching

if TYPE_CHECKING:
    from indexer.derived.thumbnail_file import ThumbnailFile
    from indexer.pipeline import Options, Report
    from indexer.progress import Progress
    from indexer.queries import Wanted
    from search.answers import Demand, Status, UnreadableFile

__all__ = ["Choices", "Library", "open_library", "prepare_searches"]

WANTED = 10
"""Unfamiliar words that are named at most."""


class Library(Completing, Teaching):
    """Photos that can be searched and taught; a context manager. Use `search.open_library`.

    `Searching`, `Counting`, `Browsing` and `Completing` have what people ask, `Teaching` what they
    teach. Every method may raise `indexer.errors.MagpieError` with a one-line message.
    """

    def index(
        self,
        folders: Iterable[Path | str],
        options: "Options | None" = None,
        progress: "Progress | None" = None,
    ) -> "Report":
        """Add new photos of `folders`, follow moved ones, remove vanished ones.

        Folders that cannot be read are listed in the report's `failed`, and the others are indexed.

        Raises:
            NotFound, BadValue: none of the folders can be read.
            ReadOnly: nothing may be written to the library.
        """
        from indexer.pipeline import Options, index
        from indexer.progress import Silence

        self.require_writable()
        options = options or Options(neighbours=self._choices.neighbours)
        report = index(self._store, folders, self._describer, options, progress or Silence())
        prepare_searches(self._store)
        return report

    def status(self) -> "Status":
        """Return what the library holds.

        Raises:
            NotFound: there is no library yet.
        """
        from indexer.progress.watch_file import watching
        from search.answers import Status

        info = self.need_store()
        counts = self._store.counts()
        return Status(
            store=self.location,
            photos=counts.photos,
            files=counts.files,
            unreadable=counts.unreadable,
            left_out=counts.left_out,
            linked=counts.linked,
            previews=counts.previews,
            index=self._neighbours.about(),
            model=info.model,
            weights=info.weights,
            dimensions=info.dimensions,
            looks=info.looks,
            bytes=self._store.size(),
            events=self._store.events.count(),
            bad_events=tuple(event.name for event in self._log.bad()),
            read_only=self.is_read_only(),
            watching=watching(self.location),
            links_out=counts.links_out,
        )

    def unreadable(self, limit: int) -> "tuple[UnreadableFile, ...]":
        """Return files that could not be read, and why, sorted by path.

        Raises:
            NotFound: there is no library yet.
        """
        from search.answers import UnreadableFile

        self.need_store()
        found = (
            UnreadableFile(one.path, one.reason) for one in self._store.files.read() if one.reason
        )
        return tuple(nsmallest(limit, found, key=lambda one: one.path))

    def count_photos(self) -> int:
        """Number of photos; 0 where there is no library yet."""
        return self._store.photos.count()

    def count_bytes(self) -> int:
        """Bytes that the library takes on disk, derived files included."""
        return self._store.size()

    def demand(self) -> "Demand":
        """Return what people searched for.

        Raises:
            NotFound: there is no library yet.
        """
        from search.answers import Demand

        self.need_store()
        return Demand(self._store.searches.count(), tuple(self._wanted()))

    def _wanted(self) -> "Iterator[Wanted]":
        """Yield the unfamiliar words that were asked for most often and not taught since."""
        learned = self.vocabulary().lessons
        asked = self._store.searches.wanted(WANTED + len(learned))
        wanted = (one for one in asked if one.word not in learned)
        yield from islice(wanted, WANTED)

    def gone_folders(self) -> tuple[str, ...]:
        """Return the indexed folders that are not there now, or empty.

        Raises:
            NotFound: there is no library yet.
        """
        from indexer.run.roots import gone_roots

        self.need_store()
        return gone_roots(self._store)

    def gone_files(self) -> dict[str, int]:
        """Look at the path of every file; return folder -> files that are gone from it.

        Raises:
            NotFound: there is no library yet.
        """
        from indexer.verifying import gone_files

        self.need_store()
        return gone_files(self._store)

    def repair(self, progress: "Progress | None" = None) -> tuple[str, ...]:
        """Remove what is damaged and can be made again; return what was done, a line each.

        Args:
            progress: told if another run on the library is waited for.

        Raises:
            NotFound: there is no library yet.
            ReadOnly: nothing may be written.
        """
        from indexer.progress import Silence
        from indexer.progress.run_lock import only_run
        from indexer.run.repairing import repair

        self.need_store()
        with only_run(self._store.location, progress or Silence()):
            return tuple(repair(self._store))

    def verify(self, files: bool = False, progress: "Progress | None" = None) -> tuple[str, ...]:
        """Check every invariant of the store; return what is broken, a line each.

        Args:
            files: whether to read every photo file too, to see whether it still holds the photo.
            progress: told about files that are read.

        Raises:
            NotFound: there is no library yet.
        """
        from indexer.progress import Silence
        from indexer.verifying import changed_files, verify

        self.need_store()
        changed = changed_files(self._store, progress or Silence()) if files else ()
        return (*verify(self._store), *changed)

    def thumbnails(self) -> "ThumbnailFile":
        """Return the file in which thumbnails of the photos are kept.

        Raises:
            NotFound: there is no library yet.
        """
        from indexer.stores.thumbnails import thumbnail_file

        return thumbnail_file(self._store)


def open_library(url: str | None = None, choices: Choices | None = None) -> Library:
    """Open the library in the store at `url`; it need not exist before `index`.

    Args:
        url: "sqlite:///path", "http(s)://host:port/name"; None = the user's own library.
        choices: what runs it.

    Raises:
        BadValue: the URL is of an unknown kind.
    """
    from indexer.derived.locations import default_store

    return Library(open_store(url or default_store()), choices or Choices())


def prepare_searches(store: Store) -> None:
    """Make the files that the first search of a large library would otherwise wait for.

    For programs that index without a `Library`, after each run.
    """
    from search.teaching.space_file import prepare

    prepare(store)
    if not store.is_remote:
        store.ranking.search(Query(order=Order.NEWEST, everything=True, limit=1))
