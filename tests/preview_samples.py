"""Makes photos that carry previews, as phones and cameras write them."""

import io
import struct
from collections.abc import Sequence
from pathlib import Path

import pillow_heif
from PIL import Image

FAST = {"preset": "ultrafast"}
FULL_HD, ANOTHER_ANGLE = 0x010002, 0x020003
"""Types of pictures of CIPA DC-007."""


def heic(image: Image.Image, *thumbnails: int, exif: bytes = b"", **options: object) -> bytes:
    """Return a HEIC with thumbnails of so many pixels on their longer sides.

    It is turned as `exif` says, which holds for the thumbnails too.
    """
    file = io.BytesIO()
    coded = pillow_heif.from_bytes(image.mode, image.size, image.tobytes())
    if exif:
        coded[0].info["exif"] = exif
    coded.save(file, **{"quality": 80, "enc_params": FAST, "thumbnails": thumbnails, **options})
    return file.getvalue()


def jpeg(image: Image.Image, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, "jpeg", **{"quality": 85, **options})
    return file.getvalue()


def with_pictures(photo: bytes, pictures: Sequence[tuple[int, bytes]], order: str = "<") -> bytes:
    """Return a JPEG with others behind it, listed by type in Multi-Picture Format (CIPA DC-007)."""
    number = len(pictures) + 1
    head = {"<": b"II*\0", ">": b"MM\0*"}[order] + struct.pack(order + "I", 8)
    tags = [(0xB000, 7, 4, b"0100"), (0xB001, 4, 1, struct.pack(order + "I", number))]
    entries_at = 8 + 2 + 12 * 3 + 4
    tags.append((0xB002, 7, 16 * number, struct.pack(order + "I", entries_at)))
    directory = struct.pack(order + "H", 3)
    directory += b"".join(struct.pack(order + "HHI", *tag[:3]) + tag[3] for tag in tags)
    directory += struct.pack(order + "I", 0)
    length = 4 + entries_at + 16 * number
    total = len(photo) + length + 4
    places, at = [(0x030000, total, 0)], total
    for kind, picture in pictures:
        # From the head of the list, which lies behind SOI, the marker, its length and "MPF".
        places.append((kind, len(picture), at - 10))
        at += len(picture)
    entries = b"".join(struct.pack(order + "IIIHH", *place, 0, 0) for place in places)
    segment = b"\xff\xe2" + struct.pack(">H", length + 2) + b"MPF\0" + head + directory + entries
    return photo[:2] + segment + photo[2:] + b"".join(picture for _, picture in pictures)


def distinct(data: bytes, number: int) -> bytes:
    """Return a HEIC of the same picture and another id: boxes called "free" hold nothing."""
    return data + struct.pack(">I4sQ", 16, b"free", number)


def with_wrong_tiles(data: bytes) -> bytes:
    """Return a HEIC of which the picture is damaged, and the thumbnail is not."""
    from indexer.photos.formats.heif_items import coded_tiles

    ((_, start, end),) = coded_tiles(data).tiles[0]
    return data[: start + 8] + bytes(end - start - 8) + data[end:]


def write(path: Path, data: bytes, modified: int) -> Path:
    """Write a file of a given time, in seconds."""
    import os

    path.write_bytes(data)
    os.utime(path, (modified, modified))
    return path
