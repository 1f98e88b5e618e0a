"""Reading photos ahead: threads open, hash and decode files while the network is busy."""

import os
from collections import deque
from collections.abc import Callable, Container, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from indexer.errors import Unreadable
from indexer.photos.content import content_id, read
from indexer.photos.decoding import decode
from indexer.photos.finding import Found
from indexer.records import Photo
from indexer.times import iso_utc

if TYPE_CHECKING:
    from PIL.Image import Image

Prepare = Callable[["Image"], NDArray[np.uint8]]


@dataclass(frozen=True, slots=True)
class Ready:
    """A photo that waits for the network.

    Attributes:
        found: the file.
        photo: everything the file tells; labels and vector are still empty.
        pixels: uint8, shape (side, side, 3), RGB: all of the picture that is kept.
    """

    found: Found
    photo: Photo
    pixels: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Known:
    """A file whose content is in the library already: a copy, or a photo that moved."""

    found: Found
    id: str


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that is not a photo; `lasting` if that is due to its content, not to access to it."""

    found: Found
    reason: str
    lasting: bool


@dataclass(frozen=True, slots=True)
class PhotoReader:
    """Reads files for one model.

    Attributes:
        prepare: the model's own resizing and cropping.
        side: pixels of the shorter side that the model wants; larger photos are scaled down.
        known: ids of photos that are not decoded again.
        threads: files read at the same time (Pillow decodes without the GIL); 0 = one per core.
    """

    prepare: Prepare
    side: int
    known: Container[str]
    threads: int

    def read_all(self, files: Iterable[Found]) -> Iterator[Ready | Known | Unread]:
        """Yield one result for each file, in order; a few dozen files are read ahead."""
        waiting: deque[Future[Ready | Known | Unread]] = deque()
        threads = self.threads or os.cpu_count() or 1
        pool = ThreadPoolExecutor(threads, "read")
        try:
            for found in files:
                waiting.append(pool.submit(self.read, found))
                if len(waiting) >= 16 + 4 * threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def read(self, found: Found) -> Ready | Known | Unread:
        """Read one file."""
        try:
            data = read(found.path)
            id = content_id(data)
            if id in self.known:
                return Known(found, id)
            return self._decode(found, id, data)
        except OSError as error:
            return Unread(found, f"cannot be opened: {error.strerror}", lasting=False)
        except Unreadable as error:
            return Unread(found, str(error), lasting=True)

    def _decode(self, found: Found, id: str, data: bytes) -> Ready:
        decoded = decode(data, self.side)
        photo = Photo(
            id=id,
            paths=(found.path,),
            width=decoded.width,
            height=decoded.height,
            bytes=found.bytes,
            format=decoded.format,
            colour=decoded.colour,
            modified=iso_utc(found.modified_ns),
            captured=decoded.captured,
            camera=decoded.camera,
            labels=(),
            vector=np.empty(0, np.float32),
        )
        return Ready(found, photo, self.prepare(decoded.image))
