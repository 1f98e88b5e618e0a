"""PNG, animated ones included. Chunks: PNG specification, third edition (W3C 2025)."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import BinaryIO

from PIL.PngImagePlugin import PngImageFile

from indexer.errors import Unreadable
from indexer.photos import colour_spaces, exif
from indexer.photos.colour_spaces import Primaries, RgbSpace
from indexer.photos.formats.family import (
    FRAMES_BYTES,
    PILLOW_BYTES,
    Family,
    Format,
    Picture,
    PictureFile,
    require_enough,
)
from indexer.photos.formats.pillow import picture

START = b"\x89PNG\r\n\x1a\n"
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""By colour type."""
CLEAR = {0: (2,), 2: (6,), 3: range(1, 257)}
"""Bytes of a see-through colour, by colour type."""
MOST_FILTER = 4
PIECE = 2**20
"""Bytes that are packed at once."""
SRGB_GAMMA = 0.45455
"""What programs write for sRGB, whose curve no such number describes (PNG, 11.3.2.5)."""


# Column and row of the first pixel, and the steps between pixels, of each pass of Adam7.
_PASSES = (
    *((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4)),
    *((0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)),
)

Chunk = tuple[bytes, bytes]
"""Its type and data."""


class _Png(PngImageFile):
    """PNG whose see-through colour is told in the depth that Pillow decodes to."""

    def _open(self) -> None:
        super()._open()
        assert self.fp is not None
        position = self.fp.tell()
        self.fp.seek(len(START) + 16)  # behind the start of IHDR, its width and its height
        depth = self.fp.read(1)[0]
        self.fp.seek(position)
        clear = self.info.get("transparency")
        if isinstance(clear, int) and self.mode == "L":
            self.info["transparency"] = clear * 255 // (2**depth - 1)
        elif isinstance(clear, tuple) and depth == 16:  # Pillow keeps the upper half
            self.info["transparency"] = tuple(part >> 8 for part in clear)


def _open(file: BinaryIO, _: str) -> PictureFile:
    data = file.read()
    try:
        image = _Png(BytesIO(data), "")
    except Exception:  # whatever damaged chunks make Pillow raise
        image = _Png(BytesIO(_written(_needed(data))), "")
    for kind, content in _chunks(data):  # Pillow reads what is behind the picture only later
        if kind == b"CgBI":
            raise Unreadable("a PNG in the form of iOS (CgBI), which is not supported")
        if kind == b"eXIf":
            image.info["exif"] = content
    facts = exif.read(exif.exif_of(image))
    return PictureFile(
        image.size,
        lambda _: replace(_decode(image, data), facts=facts),
        facts.orientation,
        FRAMES_BYTES if getattr(image, "is_animated", False) else PILLOW_BYTES,
        plainly=lambda _: replace(_in_colours(image, data), facts=facts),
        exif=lambda: exif.exif_of(image),
    )


def _decode(image: PngImageFile, data: bytes) -> Picture:
    try:
        return _in_colours(image, data)
    except Exception:  # as above
        mended, share = _mended(data.rstrip(b"\0"))  # of files that were not written to the end
        whole = _in_colours(_Png(BytesIO(mended), ""), data)
        return Picture(
            whole.image, whole.facts, whole.colours, damaged=share < 1 or not _is_sound(data)
        )


def _in_colours(image: PngImageFile, data: bytes) -> Picture:
    """Decode; the PNG specification says which of several statements on colours counts."""
    found = picture(image)
    colours = found.colours or _space(image)
    for kind, content in _chunks(data):
        if kind == b"IDAT":
            break
        if kind == b"cICP" and len(content) == 4 and content[2] == 0:
            colours = colour_spaces.from_numbers(content[0], content[1])
    return Picture(found.image, found.facts, colours)


def _space(image: PngImageFile) -> RgbSpace | None:
    """What gAMA and cHRM say, which count only without a profile."""
    gamma, points = image.info.get("gamma"), image.info.get("chromaticity")
    if "srgb" in image.info or not (gamma or points):
        return None
    primaries = colour_spaces.SRGB_PRIMARIES
    if points and all(0 < y <= 1 for y in points[1::2]):
        white, red, green, blue = zip(points[::2], points[1::2], strict=True)
        stated = Primaries(red, green, blue, white)
        primaries = stated if colour_spaces.are_possible(stated) else primaries
    if gamma and abs(gamma - SRGB_GAMMA) < 0.01:
        gamma = None
    space = RgbSpace(primaries, 1 / gamma if gamma else None)
    return None if space == RgbSpace(colour_spaces.SRGB_PRIMARIES) else space


def _chunks(data: bytes) -> Iterator[Chunk]:
    """Yield chunks up to the end or the damage; of ancillary ones only those that are whole."""
    for kind, content, check in _checked(data):
        if kind[:1].isupper() or check == zlib.crc32(kind + content):
            yield kind, content


def _checked(data: bytes) -> Iterator[tuple[bytes, bytes, int]]:
    """Yield chunks, each with the checksum that the file states."""
    position = len(START)
    while position + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, position)
        end = position + 8 + length
        if not kind.isalpha():
            return
        yield kind, data[position + 8 : end], int.from_bytes(data[end : end + 4])
        position = end + 4


def _is_sound(data: bytes) -> bool:
    """Tell whether no byte of the packed data has changed since it was written."""
    return all(
        check == zlib.crc32(kind + content)
        for kind, content, check in _checked(data)
        if kind == b"IDAT"
    )


def _needed(data: bytes) -> Iterator[Chunk]:
    """Yield what a picture needs to be shown: critical chunks, see-through colours."""
    header = b""
    for kind, content in _chunks(data):
        if kind == b"IHDR":
            header = content
        sound = kind != b"tRNS" or len(content) in CLEAR.get(header[9], ())
        if kind in (b"IHDR", b"PLTE", b"tRNS", b"IDAT") and sound:
            yield kind, content


def _written(chunks: Iterator[Chunk]) -> bytes:
    parts = [START]
    for kind, content in (*chunks, (b"IEND", b"")):
        check = zlib.crc32(kind + content)
        parts.append(struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check))
    return b"".join(parts)


def _mended(data: bytes) -> tuple[bytes, float]:
    """Return a picture with zeros for what is missing, and the share that is there.

    Raises:
        Unreadable: it is less than half.
    """
    chunks = list(_needed(data))
    header = next(content for kind, content in chunks if kind == b"IHDR")
    packed = b"".join(content for kind, content in chunks if kind == b"IDAT")
    size = sum(count * length for count, length in _rows(header))
    rows = _unpack(packed, size)
    there = _sound(rows, header)
    require_enough(there / size)
    content = b"".join(_packed(rows, there, size))
    rest = [chunk for chunk in chunks if chunk[0] != b"IDAT"]
    return _written(iter([*rest, (b"IDAT", content)])), there / size


def _packed(rows: bytearray, there: int, size: int) -> Iterator[bytes]:
    """Pack what is there, and zeros up to a size, a piece at a time."""
    packer = zlib.compressobj(1)
    for start in range(0, there, PIECE):
        yield packer.compress(memoryview(rows)[start : min(there, start + PIECE)])
    for start in range(there, size, PIECE):
        yield packer.compress(bytes(min(PIECE, size - start)))
    yield packer.flush()


def _unpack(packed: bytes, size: int) -> bytearray:
    """Return at most `size` bytes: as many as can be unpacked."""
    unpacker, rows = zlib.decompressobj(), bytearray()
    position, step = 0, 4096
    while position < len(packed) and len(rows) < size:
        before = unpacker.copy()
        try:
            rows += unpacker.decompress(packed[position : position + step], size - len(rows))
        except zlib.error:
            if step == 1:
                break
            unpacker, step = before, 1  # only the byte before the damage is the last one
        else:
            position += step
    return rows


def _sound(rows: bytearray, header: bytes) -> int:
    """Return how many bytes come before the first row that no filter can have made."""
    start = 0
    for count, length in _rows(header):
        filters = rows[start : start + count * length : length]
        for number, filter_ in enumerate(filters):
            if filter_ > MOST_FILTER:
                return start + number * length
        start += count * length
    return len(rows)


def _rows(header: bytes) -> Iterator[tuple[int, int]]:
    """Yield the number of rows of each pass, and the bytes of each with its filter byte."""
    width, height, depth, colour, _, _, interlaced = struct.unpack(">2I5B", header)
    bits = depth * CHANNELS[colour]
    for left, top, right, down in _PASSES if interlaced else ((0, 0, 1, 1),):
        columns, rows = -(-(width - left) // right), -(-(height - top) // down)
        if columns > 0 < rows:
            yield rows, 1 + (columns * bits + 7) // 8


FAMILY = Family(
    (Format("png", "image/png", rb"\x89PNG\r\n\x1a\n"),), (".png",), _open, in_browsers=True
)
