"""Picture formats: how each is recognised, and how such files are decoded.

One file per family of formats, which ends in a `FAMILY`. They do not go through `Image.open`: its
check for decompression bombs is bound to a limit for the whole process and warns below ours, and
registering plugins would change Pillow for everyone.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from indexer.errors import Unreadable
from indexer.photos.formats import (
    avif,
    bmp,
    film,
    gif,
    heif,
    jpeg,
    jpeg2000,
    jxl,
    other_kinds,
    png,
    raw,
    tiff,
    webp,
)
from indexer.photos.formats.family import Family, Picture, PictureFile

__all__ = [
    "FAMILIES",
    "Family",
    "Picture",
    "PictureFile",
    "decoders",
    "endings",
    "endings_in_pieces",
    "endings_with_previews",
    "family_of",
    "format_of",
    "is_read_in_pieces",
    "media_type",
    "open_picture",
]

FAMILIES = (
    *(jpeg.FAMILY, png.FAMILY, webp.FAMILY, gif.FAMILY, bmp.FAMILY),
    *(heif.FAMILY, avif.FAMILY, jpeg2000.FAMILY, jxl.FAMILY),
    *(raw.FAMILY, tiff.FAMILY),  # many raw photos look like TIFF at first
    film.FAMILY,
)

DECODING = 3
"""Raise it when files that were refused before may be read now."""

HEAD = 16
"""Bytes that tell a format, or that more of the file must be looked at."""


def endings() -> Iterator[str]:
    """Yield the endings of the names of files that can be read here, lower case."""
    for family in FAMILIES:
        if family.installed:
            yield from family.endings


def endings_in_pieces() -> tuple[str, ...]:
    """Return the endings of files that may be larger than memory."""
    return tuple(ending for family in FAMILIES if family.any_size for ending in family.endings)


def endings_with_previews() -> frozenset[str]:
    """Return those of `endings` whose files may carry a preview."""
    families = [family for family in FAMILIES if family.has_previews and family.installed]
    return frozenset(ending for family in families for ending in family.endings)


def decoders() -> str:
    """Name the decoders that there are; a file that others refused is worth another try."""
    extras = sorted({family.extra for family in FAMILIES if family.extra and family.installed})
    return f"{DECODING}: {', '.join(extras)}"


def family_of(format_: str) -> Family:
    """Return the family of a format that documents name."""
    return next(family for family in FAMILIES for one in family.formats if one.name == format_)


def media_type(format_: str) -> str:
    """Return what HTTP calls a format that documents name."""
    return next(one.media_type for one in family_of(format_).formats if one.name == format_)


def format_of(file: BinaryIO) -> str:
    """Return the format by the content of a file, because names often lie.

    Raises:
        Unreadable: it is none of the formats that are known here, or its decoder is not installed.
    """
    family, format_ = _recognise(file)
    if not family.installed:
        raise Unreadable(
            f"{family.what}, which needs an extra: pip install 'magpie-search[{family.extra}]'"
        )
    return format_


def open_picture(file: BinaryIO, format_: str) -> PictureFile:
    """Read the header of a file of that format, and nothing else.

    Raises:
        Exception: of any kind, if the file is damaged.
    """
    file.seek(0)
    return family_of(format_).open(file, format_)


def is_read_in_pieces(file: BinaryIO) -> bool:
    """Tell whether a file is of a kind that may be larger than memory."""
    try:
        return _recognise(file)[0].any_size
    except Unreadable:
        return False


def _recognise(file: BinaryIO) -> tuple[Family, str]:
    file.seek(0)
    head = file.read(HEAD)
    for family in FAMILIES:
        for format_ in family.formats:
            if re.match(format_.signature, head, re.DOTALL) and format_.check(file):
                return family, format_.name
    raise Unreadable(other_kinds.reason(file))
