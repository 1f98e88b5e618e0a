"""Previews that cameras of several makers write behind a JPEG: Multi-Picture Format.

CIPA DC-007, 5.2. EXIF has thumbnails too, of 160 pixels, by which a network sees too little.
"""

import struct
from collections.abc import Iterator
from io import BytesIO

from indexer.photos.formats.tags import directories

_ENTRIES = 0xB002
_ENTRY = "IIIHH"
_TYPE = 0xFFFFFF
_PREVIEWS = (0x010001, 0x010002)
"""Types of pictures: "Large Thumbnail" of VGA and of Full HD, besides views of other angles."""


def previews(index: bytes) -> Iterator[tuple[int, int]]:
    """Yield where previews begin, in bytes behind the beginning of `index`, and their lengths.

    Args:
        index: content of the segment that lists them, behind "MPF"; empty where a file has none.
    """
    order = "<" if index[:2] == b"II" else ">"
    size = struct.calcsize(order + _ENTRY)
    for tags in directories(BytesIO(index)):
        entries = bytes(tags.get(_ENTRIES, ()))
        for place in range(0, len(entries) - size + 1, size):
            kind, length, start, *_ = struct.unpack_from(order + _ENTRY, entries, place)
            if kind & _TYPE in _PREVIEWS and start:
                yield start, length
