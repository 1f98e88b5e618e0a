"""The parts of a store that keep what indexing made: photos, their neighbours, and files."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from indexer.derived.vectors import Vectors
from indexer.records import Failure, File, LeftOut, LinksOut, Neighbour, Photo
from indexer.stores.folder_numbers import FolderNumbers


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

    def packed(self, target: "Photos") -> "PackedPair | None":
        """Return the photos of this store and of another one as both keep them.

        None where they keep them in different ways, so that only `scan` and `put` can copy them.
        """

    def paths(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield every photo's id and paths, in id order."""

    def previews(self) -> dict[str, tuple[str, ...]]:
        """Return the paths of the photos that are described by a preview so far, by id.

        Sees what `Store.refresh` made visible, and is cheap where there are none.
        """

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


class PackedPhoto(NamedTuple):
    """A photo as two stores of a kind keep it; `content` is all but id and version."""

    id: str
    version: str | None
    content: tuple[Any, ...]


class PackedPair(Protocol):
    """The photos of two stores that keep them in the same way."""

    def source(self) -> Iterator[PackedPhoto]:
        """Yield all photos of the first store, as `Photos.scan` does."""

    def target(self) -> Iterator[PackedPhoto]:
        """Yield all photos of the second store, as `Photos.scan` does."""

    def put(self, photos: Iterable[PackedPhoto]) -> list[Failure]:
        """Write photos of the first store to the second, as `Photos.put` does."""


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
    """The files that were read, so that unchanged ones need not be read again.

    Attributes:
        left_out: files that runs left out, by folder and ending.
        links_out: links that lead out of the library, by folder and where they lead.
    """

    left_out: FolderNumbers[LeftOut]
    links_out: FolderNumbers[LinksOut]

    def read(self) -> Iterator[File]:
        """Yield all file records in path order."""

    def put(self, files: Iterable[File]) -> None:
        """Write file records, replacing those of the same paths."""

    def delete(self, paths: Iterable[str]) -> None:
        """Remove file records; unknown paths are ignored."""

    def roots(self) -> list[str]:
        """Return the folders that runs were given, in order: few, so this is cheap."""

    def put_roots(self, folders: Iterable[str]) -> None:
        """Remember folders; those that are remembered already are ignored."""

    def delete_roots(self, folders: Iterable[str]) -> None:
        """Forget folders; unknown ones are ignored."""
