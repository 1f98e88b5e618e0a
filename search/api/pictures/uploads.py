"""Uploaded files: read in memory, bounded, and forgotten unless they become an example."""

import sys
import threading
from collections import OrderedDict
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from indexer.events import Upload
from indexer.photos.decoding import measure
from indexer.photos.workers import DecodeWorkers
from search.api.errors import Refused
from search.api.settings import Settings

OVERHEAD_BYTES = 100_000
"""Allowed for the form around the files."""

MOST_FILES = 20
"""Pictures that one request may teach a word with."""

MOST_FIELDS = 1_000
MOST_RECENT = 200
"""Uploads that are remembered, at about 20 kB each."""

JSON_BYTES = 1_000_000
"""Maximum size of a body without files."""

ANY_BODY = 2**40
"""For routes that count the bytes of their bodies themselves."""


@dataclass(frozen=True, slots=True)
class Received:
    """A file of a form: the `field` it came in, its `name`, its bytes."""

    field: str
    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """A multipart form."""

    texts: Mapping[str, list[str]]
    files: tuple[Received, ...]

    def text(self, field: str, default: str = "") -> str:
        """Return the last text of a field."""
        return self.texts.get(field, [default])[-1]


class _InMemory(MultiPartParser):
    """Never writes a file to disk, however large: uploads are not kept."""

    spool_max_size = sys.maxsize


async def read_form(request: Request, settings: Settings, most_files: int) -> Form:
    """Return the multipart form of a request.

    Raises:
        Refused: it has none, or one that is too large.
    """
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise Refused(422, "the body is not a form: send multipart/form-data with a part `file`")
    most = most_files * settings.upload_bytes + OVERHEAD_BYTES
    parser = _InMemory(
        request.headers,
        bounded(request, most),
        max_files=most_files,
        max_fields=MOST_FIELDS,
    )
    try:
        parsed = await parser.parse()
    except MultiPartException as error:
        raise Refused(422, f"the form cannot be read: {error.message}") from None
    texts: dict[str, list[str]] = {}
    files = []
    for field, value in parsed.multi_items():
        if isinstance(value, UploadFile):
            files.append(Received(field, value.filename or "", await value.read()))
            await value.close()
        else:
            texts.setdefault(field, []).append(value)
    return Form(texts, tuple(files))


async def bounded(request: Request, most: int) -> AsyncGenerator[bytes, None]:
    """Yield the body of a request in chunks.

    Raises:
        Refused: it is larger than `most` bytes.
    """
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > most:
        raise _too_large(most)
    received = 0
    async for piece in request.stream():
        received += len(piece)
        if received > most:
            raise _too_large(most)
        yield piece


def check_picture(data: bytes, settings: Settings, workers: DecodeWorkers) -> None:
    """Refuse a file before it is decoded; `workers` open what this process should not.

    Raises:
        Refused: it has too many bytes or pixels.
        Unreadable: it is not a picture.
    """
    if len(data) > settings.upload_bytes:
        raise _too_large(settings.upload_bytes)
    width, height = measure(data, workers=workers)
    if width * height > settings.upload_pixels:
        megapixels = settings.upload_pixels / 1_000_000
        raise Refused(
            413,
            f"{width} x {height} pixels are over the limit of {megapixels:g} megapixels: send a "
            "smaller picture",
        )


class RecentUploads:
    """Recent uploads, by id: for further pages of a search, or to become examples.

    One object serves all threads.
    """

    def __init__(self) -> None:
        self._uploads: OrderedDict[str, Upload] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, upload: Upload) -> None:
        """Remember an upload; the oldest one is forgotten."""
        with self._lock:
            self._uploads[upload.id] = upload
            self._uploads.move_to_end(upload.id)
            while len(self._uploads) > MOST_RECENT:
                self._uploads.popitem(last=False)

    def clear(self) -> None:
        """Forget all of them."""
        with self._lock:
            self._uploads.clear()

    def get(self, id: str) -> Upload | None:
        """Return a recent upload."""
        with self._lock:
            return self._uploads.get(id)


def _too_large(most: int) -> Refused:
    return Refused(413, f"over the limit of {most / 1_000_000:g} MB: send a smaller file")
