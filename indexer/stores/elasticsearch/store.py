"""A store on an Elasticsearch server: its parts, and what is about all of them."""

from contextlib import suppress
from pathlib import Path

from typing_extensions import override

from indexer.errors import NotFound
from indexer.records import MOST_FOLDERS, Counts, LinkCounts
from indexer.stores.elasticsearch.bulk import BulkWriter
from indexer.stores.elasticsearch.events import ElasticsearchEvents
from indexer.stores.elasticsearch.files import ElasticsearchFiles
from indexer.stores.elasticsearch.identity import ElasticsearchIdentity
from indexer.stores.elasticsearch.indices import files_name
from indexer.stores.elasticsearch.knn import NearestPhotos
from indexer.stores.elasticsearch.learned import ElasticsearchLearned
from indexer.stores.elasticsearch.lists import ElasticsearchLists
from indexer.stores.elasticsearch.newest import NewestEvents
from indexer.stores.elasticsearch.photos import ElasticsearchPhotos
from indexer.stores.elasticsearch.ranking import ElasticsearchRanking
from indexer.stores.elasticsearch.reader import IndexReader
from indexer.stores.elasticsearch.renewal import ElasticsearchRenewal
from indexer.stores.elasticsearch.searches import ElasticsearchSearches
from indexer.stores.elasticsearch.server import connect, explained
from indexer.stores.elasticsearch.vectors import ElasticsearchVectors
from indexer.stores.protocols import Store
from indexer.stores.urls import Address


class ElasticsearchStore(Store):
    """A `Store` on an Elasticsearch server. One object serves all threads.

    Attributes:
        knn: what finds the photos nearest to a vector on the server itself.
    """

    is_remote = True

    def __init__(self, address: Address) -> None:
        """Ask nothing yet."""
        self._address = address
        self._client = client = connect(address)
        self.location = address.location
        self._photos = photos = IndexReader(client, address.name, self.location)
        self._files = files = IndexReader(client, files_name(address.name), self.location)
        self._vectors = vectors = ElasticsearchVectors(photos)
        writer = BulkWriter(client, photos.alias, self.location)
        self.identity = ElasticsearchIdentity(client, address, vectors)
        self.photos = ElasticsearchPhotos(photos, writer, self.identity, vectors)
        self.lists = ElasticsearchLists(photos, writer, vectors)
        self.files = ElasticsearchFiles(
            files, BulkWriter(client, files.alias, self.location), self.identity
        )
        self.ranking = ElasticsearchRanking(photos)
        self.knn = NearestPhotos(photos)
        newest = NewestEvents(client, address)
        self.events = ElasticsearchEvents(client, address, newest)
        self.searches = ElasticsearchSearches(client, address)
        self.learned = ElasticsearchLearned(client, address, newest)
        self.renewal = ElasticsearchRenewal(client, address, ElasticsearchStore)

    def __reduce__(self) -> tuple[type["ElasticsearchStore"], tuple[Address]]:
        """The same store for another process or machine, which makes its own connections."""
        return ElasticsearchStore, (self._address,)

    def __repr__(self) -> str:
        return f"ElasticsearchStore({self.location!r})"

    @override
    def is_read_only(self) -> bool:
        return False  # blocks may be of any index, and those who only search may not ask for them

    @override
    def refresh(self) -> None:
        self._photos.refresh()
        with suppress(NotFound):  # see `ElasticsearchFiles.read`
            self._files.refresh()

    @override
    def scrub(self) -> None:
        for part in ("feedback", "searches", "words"):
            with suppress(NotFound), explained(self.location):
                name = f"{self._address.name}-{part}"
                # One segment without what was deleted; and none of it in the log of changes.
                self._client.indices.forcemerge(index=name, max_num_segments=1)
                self._client.indices.flush(index=name, force=True)

    @override
    def counts(self) -> Counts:
        good = self._files.count(having="photo")
        return Counts(
            photos=self._photos.count(),
            linked=self._photos.count(having="neighbours.id"),
            files=good,
            unreadable=self._files.count(having="path") - good,  # long reasons are not indexed
            left_out=self.files.left_out.added_up().most,
            previews=self._photos.count(having="preview"),
            links_out=LinkCounts(*self.files.links_out.added_up(MOST_FOLDERS)),
        )

    @override
    def derived(self, name: str) -> Path:
        return self._vectors.derived(name)

    @override
    def size(self) -> int:
        stored = self._photos.size() + self._vectors.size()  # replicas count
        with suppress(NotFound):  # see `ElasticsearchFiles.read`
            stored += self._files.size()
        return stored

    @override
    def close(self) -> None:
        self._client.close()
