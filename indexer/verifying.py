"""Checks whether a store holds what `records.Photo` and `stores.Store` promise."""

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from indexer.batches import batched
from indexer.errors import Damaged, StoreAway, Unreadable
from indexer.imagenet import quantise
from indexer.neighbours import STORED
from indexer.photos.content import content_id, read
from indexer.photos.paths import is_under_any
from indexer.photos.presence import is_gone
from indexer.progress import Progress
from indexer.records import File, Photo, StoreInfo
from indexer.run.damage import damaged_files
from indexer.run.losses import by_folder
from indexer.stores import Store, require_complete

_NORM_SLACK = 1e-4

_READ_AT_ONCE = 256
"""Files that are read between two steps of the progress."""


@dataclass(frozen=True, slots=True)
class BadPhoto:
    """A photo that a store cannot give back as it was written.

    Attributes:
        id: of the photo.
        reason: what is wrong, in one line.
        is_readable: whether something can be read of it all the same.
    """

    id: str
    reason: str
    is_readable: bool = False


def verify(store: Store) -> Iterator[str]:
    """Yield a line for everything that is broken; none for a sound store.

    The log of events comes first: it is what no computer can make again. Whatever is damaged, the
    rest is checked all the same.

    Raises:
        Conflict: the store was made by another mapping version, or is an incomplete copy.
    """
    info = require_complete(store)
    if info is None:
        return
    yield from _surviving(store, "the log of events", store.events.verify())
    yield from _surviving(store, "derived files", _derived(store))
    yield from _surviving(store, "tables", store.damage())
    yield from _surviving(store, "photos", _photos(store, info))


def _surviving(store: Store, what: str, lines: Iterator[str]) -> Iterator[str]:
    try:
        yield from lines
    except Exception as error:  # damaged bytes lead to errors of any kind
        if store.is_remote and isinstance(error, StoreAway):
            raise
        yield f"{what} cannot be checked to the end ({_in_words(error)}): see `magpie salvage`"


def _in_words(error: Exception) -> str:
    return " ".join(f"{error}".split()) or type(error).__name__


def _derived(store: Store) -> Iterator[str]:
    for path, reason in damaged_files(store):
        yield (
            f"the derived file {str(path)!r} is damaged ({reason}): `magpie index` or `magpie "
            "verify --repair` makes it again"
        )


def _photos(store: Store, info: StoreInfo) -> Iterator[str]:
    vectors = None
    try:
        vectors = len(store.photos.vectors().ids)  # makes all that was written visible, too
    except StoreAway as error:  # there may be no space to bring them up to date
        yield f"vectors were not looked at: {error}"
    files = {file.path: file.photo for file in store.files.read()}
    known = known_ids(store)
    count = 0
    for photo in readable(store, known):
        count += 1
        if isinstance(photo, BadPhoto):
            yield f"photo {photo.id} {photo.reason}: `magpie verify --repair`"
        else:
            yield from wrong_documents(photo, info)
            yield from wrong_lists(photo, known)
            yield from _paths(photo, files)
    if vectors not in (None, count) or store.photos.count() != count:
        yield f"{count} photos, but {store.photos.count()} counted and {vectors} vectors"
    for path, id in files.items():
        if id is not None and id not in known:
            yield f"file {path!r} belongs to photo {id}, which is missing: index its folder again"


def known_ids(store: Store) -> set[str]:
    """Return the ids of all photos, even where a document cannot be read."""
    try:
        return {id for id, _ in store.photos.paths()}
    except Exception:
        if store.is_remote:
            raise
        return set(store.photos.vectors().ids)


def readable(store: Store, known: Iterable[str]) -> Iterator[Photo | BadPhoto]:
    """Yield all photos, those that cannot be read at last, of `known` ids."""
    left, reason = set(known), "its vector is missing, or its document has another id"
    try:
        for photo in store.photos.scan():
            if photo.id in left:
                left.remove(photo.id)
                yield photo
    except Exception as error:
        if store.is_remote:
            raise
        reason = _in_words(error)
    if not store.is_remote:  # elsewhere photos may come and go between the two questions
        for batch in batched(sorted(left), _READ_AT_ONCE):
            yield from _one_by_one(store, batch, reason)


def _one_by_one(store: Store, ids: Sequence[str], reason: str) -> Iterator[Photo | BadPhoto]:
    for id in ids:
        try:
            found = store.photos.get([id])
        except Exception as error:
            if not _is_of_the_photo(error):
                raise
            readable = isinstance(error, Damaged) and error.is_readable
            yield BadPhoto(id, f"cannot be read ({_in_words(error)})", readable)
            continue
        if id in found and found[id].id == id:
            yield found[id]
        elif found or store.photos.existing([id]):  # it was not just removed
            yield BadPhoto(id, f"is not as it was written ({reason})")


def _is_of_the_photo(error: Exception) -> bool:
    """Whether what cannot be read is damaged; a busy disk or too little memory says nothing."""
    is_away = isinstance(error, StoreAway) and not isinstance(error, Damaged)
    return not (is_away or isinstance(error, MemoryError))


def gone_files(store: Store) -> dict[str, int]:
    """Return how many files are gone from which folders; looks at every path.

    Folders of which nothing is left are named as such, others by the folder that has all the rest.
    """
    paths = [file.path for file in store.files.read()]
    gone = [path for path in paths if is_gone(path)]
    folders = store.files.roots()
    others = [path for path in paths if not is_under_any(path, folders)]
    if others:
        folders.append(posixpath.commonpath([posixpath.dirname(path) for path in others]))
    return by_folder(folders, paths, gone)


def changed_files(store: Store, progress: Progress) -> Iterator[str]:
    """Read every photo file again; yield a line for each that holds something else now.

    Files that are gone are left out.
    """
    with progress.over(store.counts().files, "reading", "files"), ThreadPoolExecutor() as pool:
        for files in batched(store.files.read(), _READ_AT_ONCE):
            photos = [file for file in files if file.photo is not None]
            yield from (line for line in pool.map(_content, photos) if line)
            progress.advance(len(photos))


def _content(file: File) -> str:
    try:
        if content_id(read(file.path)) == file.photo:
            return ""
    except Unreadable:
        pass
    except OSError as error:
        return "" if is_gone(file.path) else f"file {file.path!r} cannot be read: {error.strerror}"
    folder = posixpath.dirname(file.path)
    return (
        f"file {file.path!r} holds something else than photo {file.photo}: run `magpie index "
        f"{folder!r} --reread`"
    )


def wrong_documents(photo: Photo, info: StoreInfo) -> Iterator[str]:
    """Yield a line for everything of a photo that only describing it again can mend."""
    if photo.model != info.model:
        yield f"photo {photo.id} was described by {photo.model!r}, the store by {info.model!r}"
    if photo.vector.shape != (info.dimensions,):
        yield f"photo {photo.id} has a vector of shape {photo.vector.shape}"
    elif abs(float(np.linalg.norm(photo.vector)) - 1) > _NORM_SLACK:
        yield f"photo {photo.id} has a vector of length {np.linalg.norm(photo.vector):.4f}, not 1"
    order = [(-label.probability, label.wnid) for label in photo.labels]
    if order != sorted(order):
        yield f"photo {photo.id} has labels that are out of order"
    values = np.array([label.probability for label in photo.labels], np.float32)
    if not ((values > 0) & (values <= 1) & (quantise(values) == values)).all():
        yield f"photo {photo.id} has probabilities that are not in (0, 1] or not quantised"


def wrong_lists(photo: Photo, known: set[str]) -> Iterator[str]:
    """Yield a line for everything that is wrong with a photo's neighbours."""
    order = [(-near.cosine, near.id) for near in photo.neighbours]
    named = {near.id for near in photo.neighbours}
    if len(order) != min(STORED, len(known) - 1) or not named <= known:
        yield f"photo {photo.id} has neighbours of an earlier state: index again"
    if order != sorted(order) or photo.id in named or len(named) != len(order):
        yield f"photo {photo.id} has neighbours out of order, twice, or itself among them"


def _paths(photo: Photo, files: Mapping[str, str | None]) -> Iterator[str]:
    if not photo.paths:
        yield f"photo {photo.id} lies nowhere"
    for path in photo.paths:
        if files.get(path) != photo.id:
            yield f"photo {photo.id} lies at {path!r}, which has no such record: index its folder"
