"""Raw photos, written by hand: TIFF 6.0 with the tags of DNG 1.4."""

import io
import struct
from collections.abc import Mapping

import numpy as np
from PIL import Image

BYTES, TEXT, SHORT, LONG, RATIO, SIGNED = 1, 2, 3, 4, 5, 10
STRIP = 273
Tag = tuple[int, tuple[int, ...] | bytes]

# From XYZ to linear sRGB (IEC 61966-2-1): a sensor that sees as screens show.
SENSOR = (3.2406, -1.5372, -0.4986, -0.9689, 1.8758, 0.0415, 0.0557, -0.2040, 1.0570)


class TiffWriter:
    """Puts directories into a file, one after another; the last one is the main one."""

    def __init__(self, magic: bytes = b"II*\0") -> None:
        self._file = bytearray(magic + bytes(4))

    def put(self, data: bytes) -> int:
        """Return where `data` lies."""
        self._file += bytes(len(self._file) % 2)
        self._file += data
        return len(self._file) - len(data)

    def directory(self, tags: Mapping[int, Tag], strip: bytes = b"") -> int:
        """Return where a directory lies, which may have one strip of pixels."""
        if strip:
            tags = {**tags, STRIP: (LONG, (self.put(strip),)), 279: (LONG, (len(strip),))}
        entries = [self._entry(tag, *tags[tag]) for tag in sorted(tags)]
        return self.put(struct.pack("<H", len(entries)) + b"".join(entries) + bytes(4))

    def _entry(self, tag: int, type_: int, value: tuple[int, ...] | bytes) -> bytes:
        letter = {BYTES: "B", TEXT: "B", SHORT: "H", LONG: "I", RATIO: "I", SIGNED: "i"}[type_]
        packed = struct.pack(f"<{len(value)}{letter}", *value)
        count = len(value) // 2 if type_ in (RATIO, SIGNED) else len(value)
        where = packed.ljust(4, b"\0") if len(packed) <= 4 else struct.pack("<I", self.put(packed))
        return struct.pack("<HHI", tag, type_, count) + where

    def finish(self, main: int) -> bytes:
        """Return the file."""
        self._file[4:8] = struct.pack("<I", main)
        return bytes(self._file)


def dng(
    image: Image.Image,
    orientation: int = 1,
    preview: Image.Image | None = None,
    make: bytes = b"Maker\0",
    dng: bool = True,
    magic: bytes = b"II*\0",
) -> bytes:
    """Return a raw photo of `image`; without `dng` as other makers write it."""
    writer = TiffWriter(magic)
    main: dict[int, Tag] = {
        271: (TEXT, make),
        272: (TEXT, b"Model\0"),
        274: (SHORT, (orientation,)),
        306: (TEXT, b"2024:05:01 12:00:00\0"),
        **(_dng_tags() if dng else {}),
    }
    if preview is None:
        return writer.finish(writer.directory({**main, **_raw_tags(image)}, mosaic(image)))
    below = writer.directory(_raw_tags(image), mosaic(image))
    jpeg = io.BytesIO()
    preview.save(jpeg, "JPEG", quality=95)
    beside = {**main, **_size_tags(preview, 1), 330: (LONG, (below,))}
    beside |= {258: (SHORT, (8, 8, 8)), 259: (SHORT, (7,)), 262: (SHORT, (6,)), 277: (SHORT, (3,))}
    return writer.finish(writer.directory(beside, jpeg.getvalue()))


def _dng_tags() -> dict[int, Tag]:
    sensor = tuple(part for value in SENSOR for part in (round(value * 10_000), 10_000))
    return {
        50706: (BYTES, bytes([1, 4, 0, 0])),
        50708: (TEXT, b"Maker Model\0"),
        50721: (SIGNED, sensor),
        50728: (RATIO, (1, 1, 1, 1, 1, 1)),
        50778: (SHORT, (21,)),
    }


def _size_tags(image: Image.Image, kind: int) -> dict[int, Tag]:
    width, height = image.size
    return {
        254: (LONG, (kind,)),
        256: (LONG, (width,)),
        257: (LONG, (height,)),
        278: (LONG, (height,)),
        284: (SHORT, (1,)),
    }


def _raw_tags(image: Image.Image) -> dict[int, Tag]:
    return {
        **_size_tags(image, 0),
        258: (SHORT, (16,)),
        259: (SHORT, (1,)),
        262: (SHORT, (32803,)),
        277: (SHORT, (1,)),
        33421: (SHORT, (2, 2)),
        33422: (BYTES, bytes([0, 1, 1, 2])),
        50714: (SHORT, (0,)),
        50717: (SHORT, (65535,)),
    }


def mosaic(image: Image.Image) -> bytes:
    """What a sensor sees of `image`: red, green; green, blue."""
    light = (np.asarray(image.convert("RGB")) / 255) ** 2.2 * 65535
    seen = light[..., 1].copy()
    seen[0::2, 0::2] = light[0::2, 0::2, 0]
    seen[1::2, 1::2] = light[1::2, 1::2, 2]
    return seen.astype("<u2").tobytes()
