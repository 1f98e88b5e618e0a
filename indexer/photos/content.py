"""The bytes of a photo file, and the id that names them."""

import hashlib
import stat

from indexer.errors import Unreadable
from indexer.photos.paths import to_path

LARGEST_FILE = 500_000_000
"""Bytes. A file is read as a whole; larger ones are not photos, whatever their names say."""


def read(path: str) -> bytes:
    """Return the whole content of the file at `path`, which is text as `paths.to_text` writes it.

    Raises:
        Unreadable: it is not a regular file, or larger than `LARGEST_FILE`.
        OSError: it is gone or forbidden, or the disk fails; another attempt may work.
    """
    file = to_path(path)
    status = file.stat()
    if not stat.S_ISREG(status.st_mode):  # opening a pipe would wait for its writer
        raise Unreadable("not a regular file")
    if status.st_size > LARGEST_FILE:
        limit = LARGEST_FILE // 1_000_000
        raise Unreadable(f"{status.st_size:,} bytes is over the limit of {limit} MB")
    return file.read_bytes()


def content_id(data: bytes) -> str:
    """Return 32 hex digits that name this content: BLAKE2b with a digest of 16 bytes (RFC 7693)."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()
