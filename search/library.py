"""The Python API: one object that indexes a library of photos, searches it and is taught."""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.stores import PICTURES, Store, open_store
from search.opened import Choices
from search.searching import Searching
from search.teaching.teacher import Teaching

if TYPE_CHECKING:
    from indexer.pipeline import Options, Report
    from indexer.progress import Progress
    from indexer.records import Wanted
    from search.answers import Demand, Status

__all__ = ["Choices", "Library", "open_library", "prepare_searches"]

WANTED = 10
"""Unfamiliar words that are named at most."""


class Library(Searching, Teaching):
    """Photos that can be searched and taught; a context manager. Use `search.open_library`.

    `Searching` has what people ask, `Teaching` what they teach. Every method may raise
    `indexer.errors.MagpieError` with a one-line message.
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
        """
        from indexer.pipeline import Options, index
        from indexer.progress import Silence

        options = options or Options(neighbours=self._choices.neighbours)
        report = index(self._store, folders, self._describer, options, progress or Silence())
        prepare_searches(self._store)
        return report

    def status(self) -> "Status":
        """Return what the library holds.

        Raises:
            NotFound: there is no library yet.
        """
        from search.answers import Status

        info = self.need_store()
        counts = self._store.counts()
        return Status(
            store=self.location,
            photos=counts.photos,
            files=counts.files,
            unreadable=counts.unreadable,
            linked=counts.linked,
            index=self._neighbours.about(),
            model=info.model,
            weights=info.weights,
            dimensions=info.dimensions,
            bytes=self._store.size(),
        )

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

    def verify(self) -> tuple[str, ...]:
        """Check every invariant of the store; return what is broken, a line each.

        Raises:
            NotFound: there is no library yet.
        """
        from indexer.verifying import verify

        self.need_store()
        return tuple(verify(self._store))

    def thumbnail_folder(self) -> Path:
        """Return where thumbnails of the photos are kept.

        Raises:
            NotFound: there is no library yet.
        """
        return self._store.derived(PICTURES)


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
