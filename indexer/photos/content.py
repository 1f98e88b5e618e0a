"""The bytes of a photo file, and the id that names them."""

import hashlib
import os
import stat
from io import BytesIO
from typing import BinaryIO

from indexer.errors import Unreadable
from indexer.photos.finding import Found
from indexer.photos.formats import endings_in_pieces, is_read_in_pieces
from indexer.photos.paths import to_path

LARGEST_FILE = 500_000_000
"""Bytes. A photo is read as a whole; larger ones are not photos, whatever their names say."""

PIECE = 2**20
"""Bytes of an open file that are read at once."""


def read(path: str) -> BinaryIO:
    """Return the content of the file at `path`, which is text as `paths.to_text` writes it.

    A photo is in memory then. A film may be larger than that, and is the open file itself.

    Raises:
        Unreadable: it is not a regular file, or no film and larger than `LARGEST_FILE`.
        OSError: it is gone or forbidden, or the disk fails; another attempt may work.
    """
    name = to_path(path)
    if not stat.S_ISREG(name.stat().st_mode):  # opening a pipe would wait for its writer
        raise Unreadable("not a regular file")
    with name.open("rb") as file:
        if not is_read_in_pieces(file):
            return BytesIO(_whole(file))
    return name.open("rb")


def bytes_in_memory(found: Found) -> int:
    """Return how many bytes of memory the content of a file takes, as far as its name tells."""
    return 0 if found.path.lower().endswith(endings_in_pieces()) else found.bytes


def _whole(file: BinaryIO) -> bytes:
    size = file.seek(0, os.SEEK_END)
    if size > LARGEST_FILE:
        limit = LARGEST_FILE // 1_000_000
        raise Unreadable(f"{size:,} bytes is over the limit of {limit} MB")
    file.seek(0)
    return file.read()


def content_id(content: bytes | BinaryIO) -> str:
    """Return 32 hex digits that name this content: BLAKE2b with a digest of 16 bytes (RFC 7693).

    An open file is read in pieces, and then stands at its beginning again.
    """
    digest = hashlib.blake2b(digest_size=16)
    if isinstance(content, bytes):
        digest.update(content)
        return digest.hexdigest()
    content.seek(0)
    while piece := content.read(PIECE):
        digest.update(piece)
    content.seek(0)
    return digest.hexdigest()
