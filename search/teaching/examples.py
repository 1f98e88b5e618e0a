"""Photos that users name: those of the library, and files outside it that serve as examples."""

from collections.abc import Callable, Container, Iterable
from io import BytesIO
from pathlib import Path

from indexer.errors import NotFound, Unreadable
from indexer.imagenet import most_probable
from indexer.network.describer import Describer
from indexer.photos.content import content_id, read
from indexer.photos.decoding import decode
from indexer.photos.paths import absolute, to_text
from indexer.records import Upload
from indexer.stores import Store

THUMBNAIL_PIXELS = 320
THUMBNAIL_QUALITY = 85


class Finder:
    """Finds the photos that users name by id or path."""

    def __init__(self, store: Store, describer: Callable[[], Describer]) -> None:
        """Take the library, and what describes files outside it."""
        self._store = store
        self._describer = describer

    def ids(self, *lists: Iterable[str]) -> list[tuple[str, ...]]:
        """Return, for each list, the ids of photos of the library in the order given, none twice.

        Raises:
            NotFound: the library has no such photo, or has it no more.
        """
        asked = [list(dict.fromkeys(names)) for names in lists]
        known = self._store.get(name for names in asked for name in names)
        return [tuple(dict.fromkeys(self._id(name, known) for name in names)) for names in asked]

    def _id(self, name: str, known: Container[str]) -> str:
        id = name if name in known else self._inside(name)
        if id is None:
            raise NotFound(
                f"no photo {name!r} in the library: give an id or path of one, or teach with "
                "`magpie teach WORD PHOTO`, which takes any file"
            )
        return id

    def examples(self, names: Iterable[str]) -> tuple[tuple[str, ...], tuple[Upload, ...]]:
        """Return the ids of photos, and what is kept of those that are not in the library.

        Raises:
            NotFound: neither the library nor the disk has it.
            Unreadable: the file is no photo.
        """
        names = list(dict.fromkeys(names))
        known = self._store.get(names)
        ids: dict[str, None] = {}
        uploads: dict[str, Upload] = {}
        for name in names:
            id = name if name in known else self._inside(name)
            if id is None:
                upload = self._describe(name)
                id, uploads[upload.id] = upload.id, upload
            ids[id] = None
        return tuple(ids), tuple(uploads.values())

    def _inside(self, name: str) -> str | None:
        """The id of a path's photo in the library, also while its disk is not there."""
        path = to_text(absolute(Path(name)))
        try:
            id = content_id(read(path))
            return id if self._store.get([id]) else None
        except (OSError, ValueError, Unreadable):
            return next((file.photo for file in self._store.files() if file.path == path), None)

    def _describe(self, name: str) -> Upload:
        try:
            data = read(to_text(absolute(Path(name))))
            return self.upload(name, data)
        except (OSError, ValueError):
            raise NotFound(f"no photo {name!r}: give a file, or an id of the library") from None
        except Unreadable as error:
            raise Unreadable(f"{name!r}: {error}; give a photo") from None

    def upload(self, name: str, data: bytes) -> Upload:
        """Describe a file's bytes.

        Raises:
            Unreadable: they are no photo.
        """
        describer = self._describer()
        image = decode(data, max(describer.side, THUMBNAIL_PIXELS)).image
        (seen,) = describer.describe_all([describer.prepare(image)[None]])
        image.thumbnail((THUMBNAIL_PIXELS, THUMBNAIL_PIXELS))
        jpeg = BytesIO()
        image.save(jpeg, "JPEG", quality=THUMBNAIL_QUALITY)
        labels = most_probable(seen.probabilities[0])
        return Upload(
            content_id(data),
            name,
            labels,
            seen.vectors[0],
            jpeg.getvalue(),
            describer.info.weights,
        )
