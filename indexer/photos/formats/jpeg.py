"""JPEG, which can be scaled down while it is decoded, and which is read as far as it goes.

Files without an end marker, with a maker's trailer behind the picture, or cut short are shown by
every viewer, but refused by Pillow. Markers: ITU-T T.81, annex B.
"""

import os
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from typing import BinaryIO

import numpy as np
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from indexer.photos.exif import exif_of
from indexer.photos.formats.family import (
    Family,
    Format,
    Picture,
    PictureFile,
    is_worth,
    require_enough,
)
from indexer.photos.formats.jpeg_previews import previews
from indexer.photos.formats.jpeg_scans import END, look_through, without_fine_detail
from indexer.photos.formats.pillow import described, picture

FILLER = bytes(range(0x11, 0x91)) * 8
"""What a decoder that runs out of data can be given: no marker, and far from a flat colour."""

COARSE = 4
"""Times as large as what is asked for: progressive pictures are not decoded to the last detail."""

SCALED_BYTES, COEFFICIENTS_BYTES = 1.0, 1.5
"""For each pixel, where large pictures are scaled down: half of each side is kept at most. Of those
in several scans, all coefficients are in memory besides, with 2 bytes each."""

MOST_SCANS = 64
"""Of an ordinary picture; each of them passes over all coefficients."""

MADE_UP = 128
"""Value of all channels where a sequential picture has no data: its coefficients are zero."""

UNWRITTEN = 512
"""Zeros or ones at the end of a file that stand for bytes that were never written: a sector."""


class _Jpeg(JpegImageFile):
    """JPEG whose damaged EXIF does not matter."""

    def _read_dpi_from_exif(self) -> None:
        """Leave EXIF alone: if it is damaged, Pillow would give up the whole photo here."""


def _open(file: BinaryIO, _: str) -> PictureFile:
    image = _Jpeg(file, "")
    in_scans = _is_in_scans(image, file)
    # Each block of 8 x 8 pixels takes a bit at least (T.81, F.1.2).
    require_enough(8 * 64 * file.seek(0, os.SEEK_END) / (image.width * image.height))

    def decode(side: int) -> Picture:
        return _decode(image, file, side)

    def preview(side: int) -> Picture | None:
        return _preview(image, file, side)

    def plainly(side: int) -> Picture | None:
        return None if in_scans and _has_many_scans(file) else _undamaged(image, file, side)

    bytes_ = COEFFICIENTS_BYTES + 2 * _coefficients(image) if in_scans else SCALED_BYTES
    return PictureFile(
        image.size,
        decode,
        pixel_bytes=bytes_,
        preview=preview,
        plainly=plainly,
        exif=lambda: exif_of(image),
    )


def _is_in_scans(image: _Jpeg, file: BinaryIO) -> bool:
    """Tell whether a picture is progressive, or its components come one after the other."""
    if image.info.get("progressive"):
        return True
    end = file.tell()  # of the header of the first scan, which Pillow read last
    file.seek(max(0, end - 16))
    head = file.read(end - file.tell())
    return bytes((0, 6 + 2 * image.layers, image.layers)) not in head


def _coefficients(image: _Jpeg) -> float:
    """Return how many there are for each pixel: colours may have fewer than brightness."""
    shares = [across * down for _, across, down, _ in image.layer]
    return sum(shares) / max(shares, default=1)


def _has_many_scans(file: BinaryIO) -> bool:
    file.seek(0)
    return file.read().count(b"\xff\xda") > MOST_SCANS


def _preview(image: _Jpeg, file: BinaryIO, side: int) -> Picture | None:
    """Return the smallest preview that will do, with the facts and in the colours of the photo."""
    places = previews(image.info.get("mp", b""))
    parts = [_part(file, image.info["mpoffset"] + start, size) for start, size in places]
    opened = [_open(part, "jpeg") for part in parts]
    good = [one for one in opened if is_worth(one.size, image.size)]
    if not good:
        return None
    found = min(good, key=lambda one: one.size).decode(side)
    whole = described(image)
    return replace(found, facts=whole.facts, colours=found.colours or whole.colours)


def _part(file: BinaryIO, start: int, size: int) -> BinaryIO:
    file.seek(start)
    return BytesIO(file.read(size))


def _decode(image: _Jpeg, file: BinaryIO, side: int) -> Picture:
    with suppress(OSError):
        found = _undamaged(image, file, side)
        if found is not None:
            return found
    file.seek(0)
    return _mend(_written(file.read()), side)


def _undamaged(image: _Jpeg, file: BinaryIO, side: int) -> Picture | None:
    """Return a picture unless a part of it is missing; raises `OSError` where that is plain."""
    if _ends_unwritten(file):
        return None
    found = _scaled(_coarse(image, file, side), side)
    return None if _ends_made_up(found.image) else found


def _ends_made_up(image: Image.Image) -> bool:
    """Tell whether the last row is what libjpeg gives where an end marker comes too early."""
    last = image.crop((0, image.height - 1, image.width, image.height))
    return set(last.tobytes()) == {MADE_UP}


def _ends_unwritten(file: BinaryIO) -> bool:
    """Tell whether a broken download or a full card left the end empty: libjpeg takes anything."""
    file.seek(max(0, file.seek(0, os.SEEK_END) - UNWRITTEN))
    return len(_written(file.read())) == 0


def _written(data: bytes) -> bytes:
    for empty in (b"\0", b"\xff"):
        rest = data.rstrip(empty)
        if len(data) - len(rest) >= UNWRITTEN:
            return rest
    return data


def _scaled(image: _Jpeg, side: int) -> Picture:
    # libjpeg decodes at 1/2, 1/4 or 1/8 of the size, but no side shorter than `side`.
    image.draft("RGB", (side, side))
    return picture(image)


def _coarse(image: _Jpeg, file: BinaryIO, side: int) -> _Jpeg:
    """Return a picture that is as good at the size that is asked for, and decoded sooner."""
    if not image.info.get("progressive") or min(image.size) < COARSE * side:
        return image
    file.seek(0)
    less = without_fine_detail(file.read())
    return image if less is None else _Jpeg(BytesIO(less), "")


def _mend(data: bytes, side: int) -> Picture:
    """Return the part of a picture that is there.

    It is found by giving the decoder two different ends: rows that differ were made up.

    Raises:
        Unreadable: less than half of it is there.
    """
    scans = look_through(data)
    whole = _scaled(_Jpeg(BytesIO(data[: scans.end] + END), ""), side)
    other = _scaled(_Jpeg(BytesIO(data[: scans.end] + FILLER + END), ""), side)
    differs = np.asarray(whole.image) != np.asarray(other.image)
    rows = differs.reshape(len(differs), -1).any(axis=1)
    # A later scan of a progressive picture only refines what the first one gave as a whole.
    there = int(rows.argmax()) / len(rows) if rows.any() and len(scans.found) == 1 else 1.0
    require_enough(there)
    return replace(whole, damaged=bool(rows.any()) or not scans.complete)


FAMILY = Family(
    (Format("jpeg", "image/jpeg", rb"\xff\xd8\xff"),),
    (".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"),
    _open,
    in_browsers=True,
    turned_in_browsers=True,
    has_previews=True,
)
