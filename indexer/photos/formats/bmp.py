"""BMP, with bit fields of any layout (BITMAPINFOHEADER and later, Windows GDI)."""

import struct
from io import BytesIO
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.BmpImagePlugin import BmpImageFile

from indexer.photos.formats.family import Family, Format, Picture, PictureFile
from indexer.photos.formats.pillow import pillow_file

FILE_HEADER, INFO_HEADER, V3_HEADER, V5_HEADER = 14, 40, 56, 124
"""Bytes; the third is the first that has a mask for alpha, the last one may name a profile."""
BIT_FIELDS, ALPHA_BIT_FIELDS = 3, 6
RUNS = (1, 2)
_END, _DOWN = b"\0\1", b"\0\2\0\xff"
"""What ends runs, and what leaves out 255 rows of them."""
FIELDS_BYTES = 16.0
"""Memory for each pixel: as stored, its channels, and their picture."""
MOST_ROWS = 65_536
MOST_PROFILE = 10_000_000
_EMBEDDED = b"DEBM"
"""How a V5 header says that a profile is in the file."""


def _open(file: BinaryIO, _: str) -> PictureFile:
    head = file.read(FILE_HEADER + V5_HEADER)
    file.seek(0)
    if len(head) >= FILE_HEADER + INFO_HEADER:
        bits, compression = struct.unpack_from("<HI", head, 28)
        if compression in (BIT_FIELDS, ALPHA_BIT_FIELDS) and bits in (16, 32):
            return _bit_fields(file, head)
        if compression in RUNS:
            file = _filled(file, head)
    image = BmpImageFile(file, "")
    image.info["icc_profile"] = _profile(file, head)
    return pillow_file(image)


def _filled(file: BinaryIO, head: bytes) -> BinaryIO:
    """Return a file of runs that go on to the last row, which Pillow wants; they may end before."""
    data = file.read()
    (height,) = struct.unpack_from("<i", head, FILE_HEADER + 8)
    rest = _DOWN * (min(abs(height), MOST_ROWS) // 255 + 1)
    return BytesIO(data.removesuffix(_END) + rest if data.endswith(_END) else data)


def _profile(file: BinaryIO, head: bytes) -> bytes | None:
    """Return the ICC profile that a V5 header names; where it lies counts from that header."""
    if len(head) < FILE_HEADER + V5_HEADER or head[FILE_HEADER + 56 :][:4] != _EMBEDDED:
        return None
    (size,) = struct.unpack_from("<I", head, FILE_HEADER)
    start, length = struct.unpack_from("<2I", head, FILE_HEADER + 112)
    if size != V5_HEADER or length > MOST_PROFILE:
        return None
    file.seek(FILE_HEADER + start)
    return file.read(length)


def _bit_fields(file: BinaryIO, head: bytes) -> PictureFile:
    size, width, height = struct.unpack_from("<I2i", head, FILE_HEADER)
    if size < INFO_HEADER or width <= 0 or height == 0:
        raise ValueError("damaged header")
    profile = _profile(file, head)

    def decode(_: int) -> Picture:
        return Picture(_decode(file, head), colours=profile)

    return PictureFile((width, abs(height)), decode, pixel_bytes=FIELDS_BYTES, plainly=decode)


def _decode(file: BinaryIO, head: bytes) -> Image.Image:
    (start,) = struct.unpack_from("<I", head, 10)
    size, width, height, _, bits, compression = struct.unpack_from("<I2i2HI", head, FILE_HEADER)
    file.seek(start)
    stride = (width * bits + 31) // 32 * 4
    data = file.read(stride * abs(height))
    if len(data) < stride * abs(height):
        raise ValueError("the file is cut short")
    rows = np.frombuffer(data, f"<u{bits // 8}").reshape(abs(height), -1)[:, :width]
    rows = rows if height < 0 else rows[::-1]  # the bottom row comes first
    has_alpha = size >= V3_HEADER or compression == ALPHA_BIT_FIELDS
    masks = struct.unpack_from(f"<{3 + has_alpha}I", head, FILE_HEADER + INFO_HEADER)
    levels = np.empty((*rows.shape, len(masks)), np.uint8)
    for level, row in zip(levels, rows, strict=True):  # for numbers of 64 bits are passing
        level[:] = np.stack([_channel(row, mask) for mask in masks], axis=-1)
    # Programs that know no transparency leave its bits at zero.
    seen = levels if has_alpha and levels[..., 3].any() else levels[..., :3]
    return Image.fromarray(np.ascontiguousarray(seen))


def _channel(rows: NDArray[np.unsignedinteger], mask: int) -> NDArray[np.uint8]:
    """Return the bits of a mask, stretched to 0 to 255."""
    if not mask:
        return np.zeros(rows.shape, np.uint8)
    shift = (mask & -mask).bit_length() - 1
    most = mask >> shift
    values = ((rows & mask) >> shift).astype(np.float64)
    return np.asarray(values * 255 / most + 0.5, np.uint8)


FAMILY = Family((Format("bmp", "image/bmp", rb"BM"),), (".bmp",), _open, in_browsers=True)
