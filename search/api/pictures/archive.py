"""Originals of several photos as one zip, made while it is sent."""

import os
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import PurePath

from indexer.errors import NotFound
from indexer.records import Photo
from search.api.pictures.thumbnails import file_name, original, pieces

MISSING = "missing.txt"


class Outlet:
    """What a zip is written to, piece by piece; it cannot seek."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._held = bytearray()

    def write(self, data: bytes) -> int:
        """Hold data until it is taken."""
        self._held += data
        return len(data)

    def flush(self) -> None:
        """Do nothing: what is held waits for `take`."""

    def close(self) -> None:
        """Do nothing: what is held waits for `take`."""

    def take(self) -> bytes:
        """Return what was written since the last time."""
        held, self._held = bytes(self._held), bytearray()
        return held


def archive(photos: Sequence[Photo]) -> Iterator[bytes]:
    """Yield a zip of the photos' files as they are, not compressed again.

    One file is open at a time. Those that are gone or have changed are named in `missing.txt`.
    """
    outlet, taken, missing = Outlet(), set[str](), list[str]()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_STORED) as target:
        for photo in photos:
            try:
                file = original(photo)
            except NotFound:
                missing.append(photo.paths[0])
                continue
            entry = zipfile.ZipInfo(unused(file_name(photo), taken), _date(photo))
            entry.file_size = file.seek(0, os.SEEK_END)  # so that a large one gets a large header
            with target.open(entry, "w") as written:
                for piece in pieces(file):
                    written.write(piece)
                    yield outlet.take()
        if missing:
            lines = "".join(f"{path}\n" for path in missing)
            target.writestr(unused(MISSING, taken), lines.encode("utf-8", "replace"))
    yield outlet.take()


def unused(name: str, taken: set[str]) -> str:
    """Return a file name that is not taken, in any case of letters, and take it: "a (2).jpg"."""
    # Bytes of a name that are not text cannot be in a zip; some programs take a \ for a folder.
    path = PurePath(name.encode("utf-8", "replace").decode().replace("\\", "_"))
    free, number = path.name, 1
    while free.lower() in taken:
        number += 1
        free = f"{path.stem} ({number}){path.suffix}"
    taken.add(free.lower())
    return free


def _date(photo: Photo) -> tuple[int, int, int, int, int, int]:
    """When the file was changed, as zips have it: from 1980 to 2107."""
    at = datetime.fromisoformat(photo.modified)
    return min(2107, max(1980, at.year)), at.month, at.day, at.hour, at.minute, at.second
