"""Pictures by id, never by path: photos in the library, recent uploads, examples of words."""

from collections.abc import Iterable

from indexer.errors import NotFound
from indexer.events import Upload
from indexer.records import Photo
from search.api.pictures.uploads import RecentUploads
from search.library import Library
from search.likeness import QueryPhoto
from search.named_photos import is_id


class Pictures:
    """Finds pictures. One object serves all threads."""

    def __init__(self, library: Library) -> None:
        """Know no upload yet."""
        self.recent = RecentUploads()
        self._library = library

    def photo(self, id: str) -> Photo:
        """Return a photo in the library.

        Raises:
            NotFound: no photo has this id.
        """
        photo = self._photos([id]).get(id)
        if photo is None:
            raise NotFound(f"no photo {id[:40]!r}: give the id of a photo in the library")
        return photo

    def photos(self, ids: Iterable[str]) -> list[Photo]:
        """Return photos in the library in the order of `ids`, each once.

        Raises:
            NotFound: one is not an id, or no photo has it.
        """
        wanted = list(dict.fromkeys(require_ids(ids)))
        found = self._photos(wanted)
        for id in wanted:
            if id not in found:
                raise NotFound(f"no photo {id[:40]!r}: give ids of photos in the library")
        return [found[id] for id in wanted]

    def find(self, id: str) -> Photo | Upload:
        """Return a photo in the library, or what is kept of an upload.

        Raises:
            NotFound: nothing has this id.
        """
        found = self._photos([id]).get(id) or self._upload(id)
        if found is None:
            raise NotFound(
                f"no picture {id[:40]!r}: give the id of a photo in the library, or upload it again"
            )
        return found

    def inside(self, ids: Iterable[str]) -> set[str]:
        """Return those of `ids` that are in the library."""
        return self._library.existing(ids)

    def uploads(self, ids: Iterable[str]) -> list[Upload]:
        """Return what is kept of pictures that are not in the library.

        Raises:
            NotFound: one is not an id.
        """
        return [upload for id in require_ids(ids) if (upload := self._upload(id))]

    def _photos(self, ids: list[str]) -> dict[str, Photo]:
        return self._library.photos(id for id in ids if is_id(id))

    def _upload(self, id: str) -> Upload | None:
        upload = self.recent.get(id)
        if not is_id(id) or not self._library.exists():
            return upload
        upload = upload or self._library.example(id)
        return upload and self._library.as_seen(upload)


def to_query_photo(picture: Photo | Upload) -> QueryPhoto:
    """Return a picture as a photo to search by."""
    if isinstance(picture, Photo):
        return QueryPhoto(picture.paths[0], picture.vector, picture)
    return QueryPhoto(picture.name, picture.vector, None)


def require_ids(names: Iterable[str]) -> list[str]:
    """Return ids without repetitions; over HTTP, photos are never named by paths.

    Raises:
        NotFound: one does not have the form of an id.
    """
    ids = list(dict.fromkeys(names))
    for id in ids:
        if not is_id(id):
            raise NotFound(f"no photo {id[:40]!r}: give ids of photos in the library")
    return ids
