"""Pictures by id, never by path: photos in the library, recent uploads, examples of words."""

from collections.abc import Iterable

from indexer.errors import NotFound
from indexer.records import Photo, Upload
from search.api.pictures.uploads import RecentUploads
from search.library import Library
from search.likeness import Example

ID_LENGTH = 32


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

    def require(self, ids: Iterable[str]) -> list[str]:
        """Return `ids` without repetitions.

        Raises:
            NotFound: one of them is not in the library.
        """
        ids = list(dict.fromkeys(ids))
        known = self._photos(ids)
        for id in ids:
            if id not in known:
                raise NotFound(f"no photo {id[:40]!r}: give ids of photos in the library")
        return ids

    def inside(self, ids: Iterable[str]) -> set[str]:
        """Return those of `ids` that are in the library."""
        return set(self._photos(list(ids)))

    def uploads(self, ids: Iterable[str]) -> list[Upload]:
        """Return those of `ids` that are not in the library.

        Raises:
            NotFound: one of them is unknown.
        """
        found = [self.find(id) for id in ids]
        return [picture for picture in found if isinstance(picture, Upload)]

    def _photos(self, ids: list[str]) -> dict[str, Photo]:
        possible = [id for id in ids if _is_id(id)]
        return self._library.store.get(possible) if possible and self._library.exists() else {}

    def _upload(self, id: str) -> Upload | None:
        upload = self.recent.get(id)
        if not _is_id(id) or not self._library.exists():
            return upload
        vocabulary, info = self._library.teacher.vocabulary(), self._library.need_store()
        if upload is None:
            kept = (lesson.uploads.get(id) for lesson in vocabulary.lessons.values())
            upload = next((upload for upload in kept if upload), None)
        # Even one that the store's network has never described is a picture.
        return upload and (vocabulary.upload_as(info, upload) or upload)


def to_example(picture: Photo | Upload) -> Example:
    """Return a picture as an example to compare with."""
    if isinstance(picture, Photo):
        return Example(picture.paths[0], picture.vector, picture)
    return Example(picture.name, picture.vector, None)


def _is_id(id: str) -> bool:
    return len(id) == ID_LENGTH and not id.strip("0123456789abcdef")
