"""Photos that people name: by id or path, in the library or outside."""

from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from typing import BinaryIO

from indexer.errors import NotFound, NotNow, Unreadable
from indexer.events import Upload
from indexer.imagenet import most_probable
from indexer.network.describer import Describer
from indexer.photos.content import content_id, read
from indexer.photos.decoding import decode
from indexer.photos.paths import absolute, to_path, to_text
from indexer.photos.workers import DecodeWorkers
from indexer.records import Photo
from indexer.stores import Store
from indexer.stores.logged_events import writable
from search.likeness import QueryPhoto

ID_LENGTH = 32
THUMBNAIL_PIXELS = 320
THUMBNAIL_QUALITY = 85

NOWHERE = "no photo {name!r}: give a file, or an id of the library"
NO_SUCH_ID = "no photo {name!r} in the library: give the id of a photo that is"
NOT_INSIDE = (
    "no photo {name!r} in the library: give an id or a path of one, or teach with "
    "`magpie teach WORD PHOTO`, which takes any file"
)


class NamedPhotos:
    """Finds the photos that people name. One object serves all threads."""

    def __init__(self, store: Store, describer: Callable[[], Describer]) -> None:
        """Take the library, and what describes files outside it."""
        self._store = store
        self._describer = describer
        self._workers = DecodeWorkers()

    def query_photo(self, name: str) -> QueryPhoto:
        """Return a photo to search by.

        Raises:
            NotFound: neither the library nor the disk has it.
            Unreadable: the file is not a photo.
        """
        stored = self._stored(name)
        if stored is not None:
            return QueryPhoto(stored.paths[0], stored.vector, stored)
        with _read(name) as file:
            stored = self._stored(content_id(file))
            if stored is not None:
                return QueryPhoto(name, stored.vector, stored)
            try:
                return QueryPhoto(name, self._describer().vector_of(file, self._workers), None)
            except Unreadable as error:
                raise _not_a_photo(name, error) from None

    def _stored(self, id: str) -> Photo | None:
        return self._store.photos.get([id]).get(id)

    def ids(self, *lists: Iterable[str]) -> list[tuple[str, ...]]:
        """Return, for each list, the ids of photos of the library in the order given, none twice.

        Raises:
            NotFound: the library does not have such a photo, or no longer.
        """
        asked = [list(dict.fromkeys(names)) for names in lists]
        found = self._in_library([name for names in asked for name in names])
        for name, id in found.items():
            if id is None:
                raise NotFound((NO_SUCH_ID if is_id(name) else NOT_INSIDE).format(name=name))
        return _ids_of(asked, found)

    def examples(
        self, seen: Mapping[str, Upload], *lists: Iterable[str]
    ) -> tuple[list[tuple[str, ...]], tuple[Upload, ...]]:
        """Return the ids of photos of each list, and what is kept of those outside the library.

        Args:
            seen: pictures that were described already, by id.
            lists: names of photos: ids, paths, or keys of `seen`.

        Raises:
            NotFound: neither the library nor the disk has it.
            Unreadable: the file is not a photo.
        """
        asked = [list(dict.fromkeys(names)) for names in lists]
        found = self._in_library([name for names in asked for name in names])
        uploads: dict[str, Upload] = {}
        for name, id in found.items():
            if id is None:
                upload = seen.get(name) or self._describe(name)
                found[name], uploads[upload.id] = upload.id, upload
        return _ids_of(asked, found), tuple(uploads.values())

    def _in_library(self, names: Iterable[str]) -> dict[str, str | None]:
        """Return ids by name, None where the library has no such photo; asks once for all."""
        contents = {name: _content_of(name) for name in names}
        known = self._store.photos.existing({*contents, *filter(None, contents.values())})
        away = [
            name
            for name, content in contents.items()
            if content is None and name not in known and not is_id(name)
        ]
        recorded = self._recorded(away)
        return {
            name: name if name in known else content if content in known else recorded.get(name)
            for name, content in contents.items()
        }

    def _recorded(self, names: Iterable[str]) -> dict[str, str]:
        """Return the ids, by name, of files that cannot be read now, as when their disk is away."""
        paths = {name: _path_of(name) for name in names}
        if not paths:
            return {}
        wanted = set(paths.values())
        photos = {one.path: one.photo for one in self._store.files.read() if one.path in wanted}
        return {name: photo for name, path in paths.items() if (photo := photos.get(path))}

    def _describe(self, name: str) -> Upload:
        with _read(name) as file:
            try:
                return self.upload(name, file)
            except Unreadable as error:
                raise _not_a_photo(name, error) from None

    def upload(self, name: str, data: bytes | BinaryIO) -> Upload:
        """Describe a file's bytes, or one that is open.

        Raises:
            Unreadable: they are not a photo.
        """
        describer = self._describer()
        side = max(describer.side, THUMBNAIL_PIXELS)
        image = decode(data, side, workers=self._workers).image
        (seen,) = describer.describe_all([[describer.prepare(image)]])
        image.thumbnail((THUMBNAIL_PIXELS, THUMBNAIL_PIXELS))
        jpeg = BytesIO()
        image.save(jpeg, "JPEG", quality=THUMBNAIL_QUALITY)
        labels = most_probable(seen.probabilities[0])
        return Upload(
            content_id(data),
            writable(name),
            labels,
            seen.vectors[0],
            jpeg.getvalue(),
            describer.info.weights,
            describer.info.looks,
        )


def _content_of(name: str) -> str | None:
    """The id of a file's content; None if there is no such file, or the name is an id itself."""
    if is_id(name):
        return None
    try:
        with read(_path_of(name)) as file:
            return content_id(file)
    except (OSError, ValueError, Unreadable):
        return None


def _path_of(name: str) -> str:
    return to_text(absolute(to_path(name)))


def _ids_of(
    asked: Iterable[Iterable[str]], found: Mapping[str, str | None]
) -> list[tuple[str, ...]]:
    """The ids of each list of names, none twice."""
    return [tuple(dict.fromkeys(id for name in names if (id := found[name]))) for names in asked]


def is_id(name: str) -> bool:
    """Tell whether a name has the form of an id; then it is never taken for a path."""
    return len(name) == ID_LENGTH and not name.strip("0123456789abcdef")


def _read(name: str) -> BinaryIO:
    if is_id(name):
        raise NotFound(NOWHERE.format(name=name))
    try:
        return read(_path_of(name))
    except (OSError, ValueError):
        raise NotFound(NOWHERE.format(name=name)) from None
    except Unreadable as error:
        raise _not_a_photo(name, error) from None


def _not_a_photo(name: str, error: Unreadable) -> Unreadable:
    if isinstance(error, NotNow):
        return NotNow(f"{name!r}: {error}; try again")
    return Unreadable(f"{name!r}: {error}; give a photo")
