"""From the bytes of a photo to upright RGB pixels. Safe to call from many threads at once."""

import os
from contextlib import nullcontext
from dataclasses import dataclass
from io import BytesIO
from math import ceil
from typing import TYPE_CHECKING, BinaryIO

from PIL import Image

from indexer.errors import Unreadable
from indexer.photos.colour import is_grey, mean_colour, needs_whole, to_rgb, to_srgb
from indexer.photos.explaining import explained
from indexer.photos.exposure import Exposure, read_exposure
from indexer.photos.formats import Picture, PictureFile, family_of, open_picture
from indexer.photos.room import Admission
from indexer.photos.shortage import is_shortage
from indexer.photos.strips import map_strips

if TYPE_CHECKING:
    from indexer.photos.workers import DecodeWorkers

LARGEST_PICTURE = 200_000_000
"""Pixels: what the largest phones give. Decoding takes 4 bytes a pixel, or what formats name."""

PLAIN = 128_000_000
"""Bytes of memory; pictures that take more are decoded by a worker."""

LARGE, HUGE, EMPTY = 400_000_000, 50_000_000, 10_000
"""Pictures that take more bytes of memory, or have more pixels, need a byte of the file for each so
many pixels, at least: blank PNGs of one bit have more, and a few bytes can claim any size."""

RESERVE = 2
"""Decoded pictures keep at least this many times the side that is asked for.

Compared with decoding at full size (EfficientNet-Lite0, 150 photos enlarged to 2,400 pixels): at 1
the top label agrees on 98.7 % and vectors have a mean cosine of .9963; at 2 all labels agree, and
the cosine is .9992. Reading a JPEG takes as long at 1 as at 2, as libjpeg must unpack every
coefficient for both.
"""

SPARE = 1.3
"""Pictures to be shown are decoded at this many times the size, at least, and then scaled: so they
are as sharp as from all of their pixels."""

# Orientation -> how to turn upright: EXIF 2.32, 4.6.4 A.
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True)
class Decoded:
    """A photo as the networks and the documents need it.

    Attributes:
        image: mode RGB, 8 bits, sRGB, upright; its shorter side is at least `RESERVE` times what
            was asked for, or the original's if that is smaller (half of it for raw photos without a
            preview), and less than twice that.
        width, height: pixels of the original, upright.
        format: one of those that `formats.FAMILIES` name, such as "jpeg".
        colour: mean colour, "#rrggbb".
        captured: EXIF capture time, ISO 8601 without a zone; or None.
        camera: EXIF make and model; or None.
        location: EXIF latitude and longitude in degrees; or None.
        damaged: a part of the picture is missing.
        duration: seconds, of a film that `image` is a frame of; None for a photo.
    """

    image: Image.Image
    width: int
    height: int
    format: str
    colour: str
    captured: str | None
    camera: str | None
    damaged: bool
    duration: float | None
    location: tuple[float, float] | None = None


def decode(
    data: bytes | BinaryIO,
    side: int,
    limit: int = LARGEST_PICTURE,
    room: Admission | None = None,
    workers: "DecodeWorkers | None" = None,
) -> Decoded:
    """Return the picture in `data` in the colours of sRGB, transparency on white.

    Args:
        data: a whole file, or one that is open.
        side: pixels of the shorter side that a network wants; larger pictures are scaled down.
        limit: pixels; a larger picture is refused before it is decoded.
        room: memory that the picture takes while it is decoded; None = any.
        workers: decode what is not plain; None = this process decodes anything.

    Raises:
        Unreadable: whatever is wrong with the file.
        NotNow: it may be read at another attempt.
    """
    file = _file(data)
    if workers is not None:
        plain = _decode_plainly(file, side, limit, room)
        return workers.decode(file, side, limit, room) if plain is None else plain
    with explained(file) as format_:
        opened = open_picture(file, format_)
        _check_size(file, opened, limit)
        with room.taking(opened.memory) if room else nullcontext():
            return _upright(opened.decode(RESERVE * side), opened, format_, side)


def _decode_plainly(
    file: BinaryIO, side: int, limit: int, room: Admission | None
) -> Decoded | None:
    """Return a picture that this process may decode, or None."""
    with explained(file) as format_:
        if family_of(format_).apart:
            return None
        opened = open_picture(file, format_)
        _check_size(file, opened, limit)
        if opened.memory > PLAIN:
            return None
        with room.taking(opened.memory) if room else nullcontext():
            try:
                picture = opened.plainly(RESERVE * side)
                return _upright(picture, opened, format_, side) if picture else None
            except Exception as error:  # damaged files make decoders raise anything
                if is_shortage(error):
                    raise
                return None


def decode_to_show(
    data: bytes | BinaryIO,
    size: int,
    room: Admission | None = None,
    workers: "DecodeWorkers | None" = None,
) -> Image.Image:
    """Return the picture in `data` as soon as possible, for someone who waits for it alone.

    Args:
        data: a whole file, or one that is open.
        size: pixels of the longer side, or its own fewer.
        room: see `decode`.
        workers: decode what is large or intricate; None = this process decodes anything.

    Returns:
        mode RGB, 8 bits, sRGB, upright.

    Raises:
        Unreadable: whatever is wrong with the file.
    """
    file = _file(data)
    with explained(file) as format_:
        if workers is not None and family_of(format_).apart:
            return workers.show(file, size, room)
        opened = open_picture(file, format_)
        _check_size(file, opened, LARGEST_PICTURE)
        if workers is not None and opened.memory > PLAIN:
            return workers.show(file, size, room)
        with room.taking(opened.memory) if room else nullcontext():
            shorter = min(size, ceil(SPARE * size * min(opened.size) / max(opened.size)))
            source = (opened.alone or opened.decode)(shorter)
            picture = _shrunk_rgb(source, shorter)
            # First, because converting the colours of all pixels would take longer.
            picture.thumbnail((size, size), Image.Resampling.BICUBIC)
            return _turned(_in_srgb(picture, source), source)


def decode_preview(
    data: bytes | BinaryIO, side: int, limit: int = LARGEST_PICTURE
) -> Decoded | None:
    """Do as `decode` with a preview that the file carries; None where there is no good one.

    All but image and colour is that of the photo, though the file may be damaged behind its header.
    """
    file = _file(data)
    with explained(file) as format_:
        if family_of(format_).apart:
            return None
        opened = open_picture(file, format_)
        _check_size(file, opened, limit)
        preview = opened.preview(RESERVE * side)
        return None if preview is None else _upright(preview, opened, format_, side)


def measure(
    data: bytes | BinaryIO, room: Admission | None = None, workers: "DecodeWorkers | None" = None
) -> tuple[int, int]:
    """Return width and height of the first picture in `data`, as stored; nothing is decoded.

    Args:
        data: a whole file, or one that is open.
        room: not needed.
        workers: see `decode`.

    Raises:
        Unreadable: it is not a picture.
    """
    file = _file(data)
    with explained(file) as format_:
        if workers is not None and family_of(format_).apart:
            return workers.measure(file)
        return open_picture(file, format_).size


def exposure_of(
    data: bytes | BinaryIO, room: Admission | None = None, workers: "DecodeWorkers | None" = None
) -> Exposure:
    """Return how the picture in `data` was taken; nothing is decoded, and damaged EXIF tells less.

    Args:
        data: a whole file, or one that is open.
        room: not needed.
        workers: see `decode`.

    Raises:
        Unreadable: it is not a picture.
    """
    file = _file(data)
    with explained(file) as format_:
        if workers is not None and family_of(format_).apart:
            return workers.exposure(file)
        return read_exposure(open_picture(file, format_).exif())


def is_shown_by_browsers(file: BinaryIO) -> bool:
    """Tell whether browsers show a file as it is shown here, and upright.

    They turn no WebP, and not all of them turn a PNG.

    Raises:
        Unreadable: it is not a picture.
    """
    with explained(file) as format_:
        family = family_of(format_)
        if not family.in_browsers:
            return False
        return family.turned_in_browsers or open_picture(file, format_).orientation == 1


def _file(data: bytes | BinaryIO) -> BinaryIO:
    return BytesIO(data) if isinstance(data, bytes) else data


def _check_size(file: BinaryIO, opened: PictureFile, limit: int) -> None:
    width, height = opened.size
    if width * height > limit:
        megapixels = limit / 1_000_000
        raise Unreadable(
            f"{width} x {height} pixels is over the limit of {megapixels:g} megapixels"
        )
    is_large = opened.memory > LARGE or width * height > HUGE
    if is_large and width * height > EMPTY * (size := file.seek(0, os.SEEK_END)):
        raise Unreadable(f"{width} x {height} pixels cannot be in a photo of {size:,} bytes")


def _upright(source: Picture, opened: PictureFile, format_: str, side: int) -> Decoded:
    width, height = opened.size
    facts = source.facts
    picture = _turned(_in_srgb(_shrunk_rgb(source, RESERVE * side), source), source)
    if facts.orientation >= 5:  # quarter turns
        width, height = height, width
    return Decoded(
        image=picture,
        width=width,
        height=height,
        format=format_,
        colour=mean_colour(picture),
        captured=facts.captured,
        camera=facts.camera,
        damaged=source.damaged,
        duration=source.duration,
        location=facts.location,
    )


def _shrunk_rgb(source: Picture, shorter: int) -> Image.Image:
    """Average whole blocks of pixels as long as the shorter side stays at least `shorter`."""
    factor = max(1, min(source.image.size) // shorter)

    def change(part: Image.Image) -> Image.Image:
        rgb = to_rgb(part, source.colours)
        return rgb.reduce(factor) if factor > 1 else rgb

    if needs_whole(source.image):
        return change(source.image)
    return map_strips(source.image, change, factor)


def _in_srgb(picture: Image.Image, source: Picture) -> Image.Image:
    return to_srgb(picture, source.colours, is_grey(source.image))


def _turned(picture: Image.Image, source: Picture) -> Image.Image:
    turn = _UPRIGHT.get(source.facts.orientation)
    return picture if turn is None else picture.transpose(turn)
