"""Thumbnails: upright JPEGs in sRGB of the sizes that are shown.

`magpie index` makes those of the grid from what it decodes for the network; all others are made
when they are asked for. Both use `to_jpeg`.
"""

from enum import IntEnum
from io import BytesIO
from typing import BinaryIO

from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from indexer.photos.decoding import RESERVE, Decoded, decode, decode_to_show
from indexer.photos.profiles import srgb_profile
from indexer.photos.room import Admission
from indexer.photos.workers import DecodeWorkers


class Size(IntEnum):
    """Pixels of the longer side."""

    TINY = 160
    SMALL = 320
    GRID = 400
    MEDIUM = 640
    LARGE = 1280


TIGHT, LOOSE = 0.93, 1.3
"""How much smaller or larger than asked thumbnails of the grid may be, so that they cost a third:
what is left of 4,032 pixels, read at a quarter and halved, is 504; of 6,000, at an eighth, 375."""

MOST_BYTES = 19_000
"""Of a thumbnail of the grid: with what SQLite adds, 20 kB."""

QUALITY, GRID_QUALITY, WORST_QUALITY = 82, 72, 10

STEEPNESS = 1.5
"""Between quality 30 and 72, the bytes of a JPEG grow no faster than quality ** (1 / STEEPNESS)."""

PROGRESSIVE = Size.MEDIUM
"""From this size on, a picture shows before all of it has arrived."""


def of_decoded(decoded: Decoded, side: int) -> bytes:
    """Return the thumbnail of the grid, made from what was decoded for a network.

    Args:
        decoded: its picture is scaled in place.
        side: that was asked for. b"" is returned where it is too small; no network's is so far.
    """
    return to_jpeg(decoded.image, Size.GRID) if side * RESERVE >= Size.GRID else b""


def of_file(
    file: BinaryIO,
    size: int,
    room: Admission | None = None,
    workers: DecodeWorkers | None = None,
) -> bytes:
    """Return a thumbnail of an open photo.

    Args:
        file: the photo.
        size: pixels of the longer side.
        room, workers: see `decode`.

    Raises:
        Unreadable: it is not a photo.
    """
    if size != Size.GRID:
        return to_jpeg(decode_to_show(file, size, room, workers), size)
    # As most networks want it, so that it is what a run would have made.
    decoded = decode(file, size // RESERVE, room=room, workers=workers)
    return to_jpeg(decoded.image, size)


def of_jpeg(jpeg: bytes, size: int) -> bytes:
    """Return a smaller thumbnail made from one of the grid."""
    image = JpegImageFile(BytesIO(jpeg), "")
    return jpeg if max(image.size) <= size else to_jpeg(image, size)


def to_jpeg(image: Image.Image, size: int) -> bytes:
    """Return an upright RGB image as a JPEG whose longer side has `size` pixels, or its own fewer.

    Of the grid, it has from `TIGHT` to `LOOSE` times as many. The image may be scaled in place.
    """
    if size == Size.GRID:
        return _bounded(_to_grid(image))
    image.thumbnail((size, size), Image.Resampling.BICUBIC)
    return encode(image, QUALITY, progressive=size >= PROGRESSIVE)


def _to_grid(image: Image.Image) -> Image.Image:
    """Average whole blocks of pixels, which takes a fifth of the time, and resize what is left."""
    factor = max(1, max(image.size) // Size.GRID)
    if max(image.size) // factor > LOOSE * Size.GRID:
        factor = max(factor, int(max(image.size) / (TIGHT * Size.GRID)))
    if factor > 1:
        image = image.reduce(factor)
    if max(image.size) > LOOSE * Size.GRID:
        image.thumbnail((Size.GRID, Size.GRID), Image.Resampling.HAMMING)
    return image


def encode(image: Image.Image, quality: int, progressive: bool = False) -> bytes:
    """Return an RGB image as a JPEG that says that it is sRGB."""
    jpeg = BytesIO()
    image.save(jpeg, "JPEG", quality=quality, progressive=progressive, icc_profile=srgb_profile())
    return jpeg.getvalue()


def _bounded(image: Image.Image) -> bytes:
    """Encode as well as fits into `MOST_BYTES`: what is lost is least seen in busy pictures."""
    quality = GRID_QUALITY
    jpeg = encode(image, quality)
    while len(jpeg) > MOST_BYTES and quality > WORST_QUALITY:
        quality = max(WORST_QUALITY, int(quality * (MOST_BYTES / len(jpeg)) ** STEEPNESS))
        jpeg = encode(image, quality)
    return jpeg
