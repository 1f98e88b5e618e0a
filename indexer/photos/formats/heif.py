"""HEIF and HEIC, as phones and cameras write them, through pillow-heif.

Where a part of the size is enough and PyAV is there, most are decoded through that: `heif_tiles`.
"""

import os
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from io import BytesIO
from typing import BinaryIO

from PIL.Image import Image
from PIL.ImageFile import ImageFile

from indexer.photos.exif import exif_of
from indexer.photos.formats.brands import is_of
from indexer.photos.formats.family import Family, Format, Picture, PictureFile, is_worth
from indexer.photos.formats.heif_thumbnail import thumbnail_of
from indexer.photos.formats.heif_tiles import decode_smaller
from indexer.photos.formats.isobmff import rgb_space
from indexer.photos.formats.pillow import decoded, described

MOST_THREADS = 4
"""That decode the tiles of one picture: libheif takes as many where it decodes."""

TILES_BYTES, WHOLE_BYTES = 3.0, 9.0
"""For each pixel: brightness and colours alone, or RGB made of them and a copy of that, too."""


def _open(file: BinaryIO, _: str) -> PictureFile:
    from pillow_heif import HeifImageFile

    colours = rgb_space(file.read())
    file.seek(0)
    plugin: type[ImageFile] = HeifImageFile
    image = plugin(file, "")
    told = described(image, colours)

    def decode(side: int, threads: int = 1) -> Picture:
        return replace(told, image=_smaller(file, image, side, threads) or decoded(image))

    def plainly(side: int) -> Picture | None:
        smaller = _smaller(file, image, side, 1)
        return None if smaller is None else replace(told, image=smaller)

    def preview(_: int) -> Picture | None:
        return _preview(file, image, told)

    in_tiles = _may_be_smaller(image) and find_spec("av") is not None
    return PictureFile(
        image.size,
        decode,
        told.facts.orientation,
        pixel_bytes=TILES_BYTES if in_tiles else WHOLE_BYTES,
        preview=preview,
        plainly=plainly,
        exif=partial(exif_of, image),
        alone=partial(decode, threads=min(MOST_THREADS, os.cpu_count() or 1)),
    )


def _may_be_smaller(image: ImageFile) -> bool:
    return image.mode == "RGB" and not getattr(image, "is_animated", False)


def _preview(file: BinaryIO, image: ImageFile, told: Picture) -> Picture | None:
    """Return the thumbnail of the picture, in whose colours it is unless it names its own."""
    from pillow_heif import HeifImageFile

    file.seek(0)
    data = thumbnail_of(file.read())
    if data is None:
        return None
    plugin: type[ImageFile] = HeifImageFile
    small = plugin(BytesIO(data), "")
    if not is_worth(small.size, image.size):
        return None
    small.load()
    own = described(small, rgb_space(data)).colours
    return replace(told, image=small, colours=own or told.colours)


def _smaller(file: BinaryIO, image: ImageFile, side: int, threads: int) -> Image | None:
    """Return a picture at a part of its size, or None where that takes another way."""
    factor = min(image.size) // side
    if factor < 2 or not _may_be_smaller(image):
        return None
    try:
        file.seek(0)
        return decode_smaller(file.read(), factor, image.size, threads)
    except Exception:  # whatever is unusual, damaged or not installed: pillow-heif is to decide
        return None


FAMILY = Family(
    (Format("heif", "image/heic", rb"....ftyp", is_of("heif")),),
    (".heic", ".heif", ".hif", ".heics"),
    _open,
    has_previews=True,
)
