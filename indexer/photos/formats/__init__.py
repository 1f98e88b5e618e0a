"""Picture formats: how each is recognised, and how the header of such a file is read.

One file per family of formats. They do not go through `Image.open`: its check for decompression
bombs is bound to a limit for the whole process and warns below ours, and registering the HEIF
plugin would change Pillow for everyone.
"""

import re

from PIL.ImageFile import ImageFile

from indexer.errors import Unreadable
from indexer.photos.formats import heif, jpeg, plain

_SIGNATURES = {
    "jpeg": re.compile(rb"\xff\xd8\xff"),
    "png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "webp": re.compile(rb"RIFF....WEBP", re.DOTALL),
    "gif": re.compile(rb"GIF8[79]a"),
    "bmp": re.compile(rb"BM"),
    "tiff": re.compile(rb"II[*+]\0|MM\0[*+]"),
    "heif": re.compile(rb"....ftyp(?:hei[cxms]|hev[cxms]|mif1|msf1)", re.DOTALL),
}


def format_of(data: bytes) -> str:
    """Return the format by the first bytes of a file, because names often lie.

    Raises:
        Unreadable: it is none of the formats that are known here.
    """
    for name, signature in _SIGNATURES.items():
        if signature.match(data):
            return name
    raise Unreadable("not an image, or of a kind that is not supported")


def open_image(data: bytes, format_: str) -> ImageFile:
    """Read the header of a file of that format, and nothing else.

    Raises:
        Exception: of any kind, if the file is damaged.
    """
    if format_ == "heif":
        return heif.open_image(data)
    if format_ == "jpeg":
        return jpeg.open_image(data)
    return plain.open_image(data, format_)
