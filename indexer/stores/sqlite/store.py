"""A store in one SQLite file: its parts, and what is about all of them."""

from collections.abc import Iterator
from pathlib import Path

from typing_extensions import override

from indexer.records import MOST_FOLDERS, Counts, LinkCounts
from indexer.stores.protocols import PICTURES, Store
from indexer.stores.sqlite.database import Database
from indexer.stores.sqlite.erasing import scrub
from indexer.stores.sqlite.events import SqliteEvents
from indexer.stores.sqlite.facts.index import FactIndex
from indexer.stores.sqlite.files import SqliteFiles
from indexer.stores.sqlite.identity import SqliteIdentity
from indexer.stores.sqlite.labels.index import LabelIndex
from indexer.stores.sqlite.labels.numbers import KnownNumbers
from indexer.stores.sqlite.learned import SqliteLearned
from indexer.stores.sqlite.lists import SqliteLists
from indexer.stores.sqlite.on_disk import beside
from indexer.stores.sqlite.photos import SqlitePhotos
from indexer.stores.sqlite.previews import count_previews
from indexer.stores.sqlite.ranking import SqliteRanking
from indexer.stores.sqlite.renewal import SqliteRenewal
from indexer.stores.sqlite.row_damage import RowDamage
from indexer.stores.sqlite.rows import encode_neighbours
from indexer.stores.sqlite.searches import SqliteSearches
from indexer.stores.sqlite.vectors import SqliteVectors
from indexer.stores.sqlite.vouching import vouch

COUNTS = f"""
SELECT (SELECT count(*) FROM photos),
       (SELECT count(*) FROM photos WHERE length(neighbours) > {len(encode_neighbours(()))}),
       (SELECT count(photo) FROM files),
       (SELECT count(reason) FROM files)
"""


class SqliteStore(Store):
    """A `Store` in one SQLite file. One object serves all threads."""

    is_remote = False

    def __init__(self, path: Path) -> None:
        """Name the file; nothing is opened yet."""
        self._database = database = Database(path)
        self._labels = LabelIndex(database)
        self._vectors = SqliteVectors(database)
        numbers = KnownNumbers()
        self.location = database.location
        self.identity = SqliteIdentity(database)
        self.photos = SqlitePhotos(database, numbers, self._vectors)
        self.lists = SqliteLists(database)
        self.files = SqliteFiles(database)
        self.ranking = SqliteRanking(database, numbers, self._labels, FactIndex(database))
        self.events: SqliteEvents = SqliteEvents(database)
        self.searches = SqliteSearches(database)
        self.learned = SqliteLearned(database)
        self.renewal = SqliteRenewal(database, SqliteStore)

    @override
    def is_read_only(self) -> bool:
        return self._database.is_read_only

    @override
    def refresh(self) -> None:
        # Writes are visible at once; this brings the file of labels up to date, so that no search
        # has to.
        if self._database.exists():
            self._labels.current()

    @override
    def scrub(self) -> None:
        scrub(self._database)

    @override
    def counts(self) -> Counts:
        with self._database.reading() as connection:
            photos, linked, files, unreadable = connection.execute(COUNTS).fetchone()
            left_out = self.files.left_out.added_up(connection).most
            previews = count_previews(connection)
            links = LinkCounts(*self.files.links_out.added_up(connection, MOST_FOLDERS))
            return Counts(photos, linked, files, unreadable, left_out, previews, links)

    @override
    def derived(self, name: str) -> Path:
        return self._database.derived(name)

    @override
    def damage(self) -> Iterator[str]:
        return RowDamage(self._database).found()

    @override
    def mend(self) -> Iterator[str]:
        return RowDamage(self._database).mended()

    @override
    def vouch(self) -> int:
        return vouch(self._database)

    @override
    def remains(self) -> list[Path]:
        file = self._database.file
        return [*self.events.backups.all(), *(one for one in beside(file) if one.exists())]

    @override
    def size(self) -> int:
        file = self._database.file
        files = [file, *beside(file), *self._vectors.folder.glob("*"), self.derived(PICTURES)]
        with self._database.explained():
            return sum(file.stat().st_size for file in files if file.is_file())

    @override
    def close(self) -> None:
        self._database.close()
