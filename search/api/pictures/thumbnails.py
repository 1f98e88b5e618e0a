"""Thumbnails and originals of the library's photos: made once, kept in one file."""

import os
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import BytesIO
from typing import BinaryIO

from indexer.derived.thumbnail_file import ThumbnailFile
from indexer.errors import NotFound, Unreadable
from indexer.photos.content import PIECE, content_id, read
from indexer.photos.decoding import decode
from indexer.photos.paths import to_path
from indexer.photos.room import Room, cores, pictures_of
from indexer.photos.thumbnails import Size, encode, of_file, of_jpeg
from indexer.photos.workers import DecodeWorkers
from indexer.records import Photo

FULL_QUALITY = 90
WHOLE = 2**20
"""Longer than any picture's side: nothing is scaled down."""

MOST_LARGER = 1_000
"""Thumbnails of each size above the grid's that are kept: 0.4 GB."""

MOST_CHECKED = 1_000
"""Open files of which it is remembered what is in them."""

LOCKS = 64


class CheckedFiles:
    """What open files were found to hold: players ask for a film part by part.

    One object serves all threads.
    """

    def __init__(self) -> None:
        """Know no file yet."""
        self._lock = threading.Lock()
        self._ids: OrderedDict[tuple[str, int, int, int, int, int], str] = OrderedDict()

    def content_id(self, path: str, file: BinaryIO) -> str:
        """Return the id of the content, which is read only if the file is not known as it is."""
        if isinstance(file, BytesIO):
            return content_id(file)
        is_now = os.fstat(file.fileno())  # before it is read: what changes meanwhile is read again
        times = is_now.st_mtime_ns, is_now.st_ctime_ns
        key = (path, is_now.st_dev, is_now.st_ino, is_now.st_size, *times)
        with self._lock:
            id = self._ids.get(key)
        if id is None:
            id = content_id(file)
        with self._lock:
            self._ids[key] = id
            self._ids.move_to_end(key)
            while len(self._ids) > MOST_CHECKED:
                self._ids.popitem(last=False)
        return id


class Thumbnails:
    """Thumbnails of a store's photos. One object serves all threads.

    Attributes:
        checked: what open files of photos were found to hold.
        workers, room: decode what this process should not, and how much at the same time.
    """

    def __init__(self, file: Callable[[], ThumbnailFile]) -> None:
        """Take what returns the file of the thumbnails; make none yet."""
        self._file = file
        self.checked = CheckedFiles()
        self.workers, self.room = DecodeWorkers(), Room(pictures_of(cores()))
        # So that no two threads make the same thumbnail.
        self._locks = [threading.Lock() for _ in range(LOCKS)]

    def get(self, photo: Photo, size: int) -> bytes:
        """Return an upright JPEG whose longer side has `size` pixels, or the original's if smaller.

        Raises:
            NotFound: there is none yet, and the photo's file is gone.
        """
        with self._locks[hash(photo.id) % LOCKS]:
            kept = self._get(photo, max(size, Size.GRID))
        return of_jpeg(kept, size) if size < Size.GRID else kept

    def _get(self, photo: Photo, size: int) -> bytes:
        file = self._file()
        kept = file.get(photo.id, size)
        if kept is not None:
            return kept
        with original(photo) as opened:
            jpeg = of_file(opened, size, self.room, self.workers)
        file.put(size, {photo.id: jpeg}, MOST_LARGER if size > Size.GRID else None)
        return jpeg


def original(photo: Photo, checked: CheckedFiles | None = None) -> BinaryIO:
    """Return the content of a photo's file, from any path that still has it.

    Args:
        photo: whose file it is.
        checked: remembers what is in open files, so that the same one is not read again.

    Raises:
        NotFound: no file has this content any more.
    """
    for path in photo.paths:
        with suppress(OSError, ValueError, Unreadable):
            file = read(path)
            id = checked.content_id(path, file) if checked else content_id(file)
            if id == photo.id:  # what is there now may not be a photo
                return file
            file.close()
    raise NotFound(f"{photo.paths[0]!r} is gone or changed: run magpie index again")


def full_size(file: BinaryIO) -> bytes:
    """Convert a picture that browsers cannot show, or not upright, to a JPEG of the same size."""
    return encode(decode(file, WHOLE).image, FULL_QUALITY)


def pieces(file: BinaryIO, first: int = 0, end: int = sys.maxsize) -> Iterator[bytes]:
    """Yield the bytes of a file from `first` up to `end`, and close it."""
    with file:
        file.seek(first)
        while piece := file.read(min(PIECE, end - file.tell())):
            yield piece


def file_name(photo: Photo) -> str:
    """Return the file name for a download."""
    return to_path(photo.paths[0]).name
