"""Thumbnails and originals of the library's photos: made once, kept on disk."""

import os
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from enum import IntEnum
from io import BytesIO
from pathlib import Path

from PIL import Image

from indexer.errors import NotFound, Unreadable
from indexer.photos.content import content_id, read
from indexer.photos.decoding import decode
from indexer.photos.paths import to_path
from indexer.records import Photo


class Size(IntEnum):
    """Pixels of the longer side."""

    TINY = 160
    SMALL = 320
    MEDIUM = 640
    LARGE = 1280


QUALITY = 82
FULL_QUALITY = 90
WHOLE = 2**20
"""Longer than any picture's side: nothing is scaled down."""

LOCKS = 64

TYPES = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "gif": "image/gif",
    "bmp": "image/bmp",
    "tiff": "image/tiff",
    "heif": "image/heic",
}
SHOWN_BY_BROWSERS = frozenset(("jpeg", "png", "webp", "gif", "bmp"))


class Thumbnails:
    """Thumbnails of a store's photos. One object serves all threads."""

    def __init__(self, folder: Callable[[], Path]) -> None:
        """Take what returns the folder of the thumbnails; make none yet."""
        self._folder = folder
        # So that no two threads make the same thumbnail.
        self._locks = [threading.Lock() for _ in range(LOCKS)]

    def get(self, photo: Photo, size: int) -> bytes:
        """Return an upright JPEG whose longer side has `size` pixels, or the original's if smaller.

        Raises:
            NotFound: its file is gone.
        """
        path = self._folder() / str(size) / photo.id[:2] / f"{photo.id}.jpg"
        with self._locks[hash(photo.id) % LOCKS]:
            with suppress(OSError):
                return path.read_bytes()
            jpeg = _jpeg(original(photo), size, QUALITY)
            with suppress(OSError):  # a full disk costs time, not the picture
                _write(path, jpeg)
            return jpeg


def original(photo: Photo) -> bytes:
    """Return the bytes of a photo's file, from any path that still has them.

    Raises:
        NotFound: no file has this content any more.
    """
    for path in photo.paths:
        with suppress(OSError, ValueError, Unreadable):
            data = read(path)
            if content_id(data) == photo.id:  # what is there now may not be a photo
                return data
    raise NotFound(f"{photo.paths[0]!r} is gone or changed: run magpie index again")


def full_size(data: bytes) -> bytes:
    """Convert a picture that browsers cannot show to a JPEG of the same size."""
    return _jpeg(data, 0, FULL_QUALITY)


def file_name(photo: Photo) -> str:
    """Return the file name for a download."""
    return to_path(photo.paths[0]).name


def _jpeg(data: bytes, size: int, quality: int) -> bytes:
    image = decode(data, size or WHOLE).image
    if size:
        image.thumbnail((size, size), Image.Resampling.LANCZOS)
    jpeg = BytesIO()
    image.save(jpeg, "JPEG", quality=quality, optimize=True, progressive=size >= 640)
    return jpeg.getvalue()


def _write(path: Path, data: bytes) -> None:
    """Write a file atomically, because other threads and processes read there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
