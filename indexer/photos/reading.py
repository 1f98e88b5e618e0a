"""Reading photos ahead: threads open, hash and decode files while the network is busy."""

import os
from collections import deque
from collections.abc import Callable, Container, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
from numpy.typing import NDArray

from indexer.errors import NotNow, Unreadable
from indexer.photos.content import bytes_in_memory, content_id, read
from indexer.photos.decoding import Decoded, decode
from indexer.photos.exif import Facts
from indexer.photos.finding import Found
from indexer.photos.places import place_of
from indexer.photos.room import Room, cores, files_of, pictures_of
from indexer.photos.shortage import not_now
from indexer.photos.sidecars import facts_beside
from indexer.photos.thumbnails import of_decoded
from indexer.photos.workers import DecodeWorkers
from indexer.records import Photo
from indexer.times import iso_utc

if TYPE_CHECKING:
    from PIL.Image import Image

Looks = NDArray[np.uint8]
"""uint8, shape (n, side, side, 3), RGB: the parts of a photo that a network looks at."""

Prepare = Callable[["Image"], Looks]


@dataclass(frozen=True, slots=True)
class Ready:
    """A photo that waits for the network.

    Attributes:
        found: the file.
        photo: everything the file tells; labels and vector are still empty.
        pixels: all of the picture that the network sees.
        thumbnail: JPEG for the grid; b"" where none was wanted or could be made.
        told: what the file and its sidecar tell together; None where it has no sidecar.
    """

    found: Found
    photo: Photo
    pixels: Looks
    thumbnail: bytes
    told: Facts | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A file whose content is in the library already: a copy, or a photo that moved.

    Attributes:
        found: the file.
        id: of the photo.
        told: what the file and its sidecar tell together; None where it has no sidecar.
    """

    found: Found
    id: str
    told: Facts | None = None


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that is not a photo; `lasting` if that is due to its content alone."""

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
        thumbnails: whether to make thumbnails, too.
        files, pictures: memory for what they hold at the same time.
        workers: decode what this process should not.
    """

    prepare: Prepare
    side: int
    known: Container[str]
    threads: int
    thumbnails: bool = False
    files: Room = field(default_factory=lambda: Room(files_of(cores())))
    pictures: Room = field(default_factory=lambda: Room(pictures_of(cores())))
    workers: DecodeWorkers = field(default_factory=DecodeWorkers)

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
        except BaseException:  # nobody waits for what they would answer
            self.workers.stop()
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
            self.workers.close()

    def read(self, found: Found) -> Ready | Known | Unread:
        """Read one file."""
        try:
            with self.files.taking(bytes_in_memory(found)), read(found.path) as file:
                id = content_id(file)
                if id in self.known:
                    return self._known(found, id, file)
                return self._decode(found, id, file)
        except OSError as error:
            return Unread(found, f"cannot be opened: {error.strerror}", lasting=False)
        except NotNow as error:
            return Unread(found, str(error), lasting=False)
        except Unreadable as error:
            return Unread(found, str(error), lasting=True)
        except MemoryError:
            return Unread(found, str(not_now()), lasting=False)

    def _known(self, found: Found, id: str, file: BinaryIO) -> Known:
        """Read again what the photo tells only if its sidecar may tell something else by now."""
        beside = facts_beside(found.path)
        if beside is None:
            return Known(found, id)
        try:
            return Known(found, id, _together(self._picture(file, 1), beside))
        except NotNow:
            return Known(replace(found, changed_ns=0), id)  # so that the next run reads it again
        except Unreadable:  # by the decoders that there are now
            return Known(found, id)

    def _decode(self, found: Found, id: str, file: BinaryIO) -> Ready:
        return self._ready(found, id, self._picture(file, self.side))

    def _picture(self, file: BinaryIO, side: int) -> Decoded:
        return decode(file, side, room=self.pictures, workers=self.workers)

    def _ready(self, found: Found, id: str, decoded: Decoded) -> Ready:
        beside = facts_beside(found.path)
        told = _together(decoded, beside or Facts())
        photo = Photo(
            id=id,
            paths=(found.path,),
            width=decoded.width,
            height=decoded.height,
            bytes=found.bytes,
            format=decoded.format,
            colour=decoded.colour,
            modified=iso_utc(found.modified_ns),
            captured=told.captured,
            camera=told.camera,
            damaged=decoded.damaged,
            duration=decoded.duration,
            location=told.location,
            place=place_of(told.location),
            labels=(),
            vector=np.empty(0, np.float32),
        )
        pixels = self.prepare(decoded.image)
        thumbnail = of_decoded(decoded, self.side) if self.thumbnails else b""
        return Ready(found, photo, pixels, thumbnail, told if beside is not None else None)


def _together(decoded: Decoded, beside: Facts) -> Facts:
    """Return what a photo tells of itself, and what its sidecar tells besides."""
    return Facts(
        captured=decoded.captured or beside.captured,
        camera=decoded.camera or beside.camera,
        location=decoded.location or beside.location,
    )
