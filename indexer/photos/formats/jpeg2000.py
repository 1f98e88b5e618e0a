"""JPEG 2000 (ISO/IEC 15444-1), which can be scaled down while it is decoded."""

from io import BytesIO
from typing import Any, BinaryIO

import numpy as np
from PIL import Image
from PIL.Jpeg2KImagePlugin import Jpeg2KImageFile

from indexer.photos import exif
from indexer.photos.formats.boxes import boxes, content_of
from indexer.photos.formats.family import PILLOW_BYTES, Family, Format, Picture, PictureFile
from indexer.photos.formats.pillow import picture

_CODING_STYLE, _FIRST_TILE = b"\xff\x52", b"\xff\x90"
_MOST_SEGMENTS = 1_000
_DEPTH = 42
"""Bytes from the start of a codestream to the depth of its first component (15444-1, A.5.1)."""

WHOLE_BYTES, DEEP_BYTES = 16.0, 20.0
"""For each pixel of pictures that cannot be scaled down: OpenJPEG keeps 4 for each colour."""

_EXIF = b"JpgTiffExif->JP2"
_MOST_EXIF = 1_000_000


class _Jpeg2000(Jpeg2KImageFile):
    """JPEG 2000 whose reduced size is rounded as the standard says."""

    def __setstate__(self, state: list[Any]) -> None:
        """Come from another process, which decoded it: Pillow 13 would lack what `reduce` asks."""
        self.reduce = 0
        super().__setstate__(state)

    def halve(self, times: int) -> None:
        """Leave out this many levels; each halves the sides.

        Sides are rounded up (15444-1, B.5). Pillow 13 rounds to the nearest, and then fails because
        the decoded picture is larger; whole multiples come out alike.
        """
        self.reduce = times
        self._size = (-(-self.width >> times) << times, -(-self.height >> times) << times)


def _open(file: BinaryIO, _: str) -> PictureFile:
    image = Jpeg2KImageFile(file, "")
    size = image.size
    levels, notes = _levels(file), _exif(file)

    def decode(side: int) -> Picture:
        halvings = min(levels, max(0, (min(size) // side).bit_length() - 1))
        try:
            return _decode(file, notes, halvings)
        except Exception:  # single tiles may have fewer levels, and a picture may have an offset
            if not halvings:
                raise
            return _decode(file, notes, 0)

    deep = _is_deep(file, image.mode)
    return PictureFile(
        size,
        decode,
        pixel_bytes=DEEP_BYTES if deep else PILLOW_BYTES if levels > 1 else WHOLE_BYTES,
        exif=lambda: exif.parse(notes),
    )


def _decode(file: BinaryIO, notes: bytes, halvings: int) -> Picture:
    file.seek(0)
    image = _Jpeg2000(file, "")
    size = image.size
    image.halve(halvings)
    image.info["exif"] = notes
    image.info["icc_profile"] = _profile(file)
    if _is_deep(file, image.mode):
        facts = exif.read(exif.parse(notes))
        return Picture(_deep(file, size), facts, _profile(file))
    decoded = picture(image)
    image.reduce = 0  # or else it would hide what all images have under this name
    return decoded


def _is_deep(file: BinaryIO, mode: str) -> bool:
    """Tell whether colours have more than 8 bits, of which Pillow 13 makes black out of white.

    It rounds to 8 bits by adding a half, and the largest numbers wrap around.
    """
    if mode not in ("RGB", "RGBA", "LA"):
        return False
    file.seek(_codestream(file) + _DEPTH)
    return file.read(1)[0] & 0x7F >= 8  # one less is stored; the first bit: signed


def _deep(file: BinaryIO, size: tuple[int, int]) -> Image.Image:
    from imagecodecs import jpeg2k_decode

    file.seek(_codestream(file))
    stream = file.read()
    if Jpeg2KImageFile(BytesIO(stream), "").size != size:  # what was checked against the limit
        raise ValueError("its size is damaged")
    bits = stream[_DEPTH]
    values = jpeg2k_decode(stream, numthreads=1)
    levels = np.empty(values.shape, np.uint8)
    for level, row in zip(levels, values, strict=True):
        numbers = row.astype(np.int32) + (1 << (bits & 0x7F) if bits & 0x80 else 0)
        level[:] = (numbers >> ((bits & 0x7F) - 7)).clip(0, 255)
    return Image.fromarray(levels)


def _profile(file: BinaryIO) -> bytes | None:
    """Return the ICC profile, which Pillow does not read (15444-1, I.5.3.3)."""
    for header in boxes(file):
        if header.kind == b"jp2h":
            for box in boxes(file, header.start, header.end):
                content = content_of(file, box, _MOST_EXIF)
                if box.kind == b"colr" and content[:1] in (b"\2", b"\3"):
                    return content[3:]
    return None


def _levels(file: BinaryIO) -> int:
    """Return how often the picture can be halved: the coding style says it (15444-1, A.6.1)."""
    file.seek(_codestream(file) + 2)
    for _ in range(_MOST_SEGMENTS):
        head = file.read(10)
        if len(head) < 10 or head[:2] == _FIRST_TILE:
            break
        if head[:2] == _CODING_STYLE:
            return head[9]
        file.seek(int.from_bytes(head[2:4]) - 8, 1)
    return 0


def _exif(file: BinaryIO) -> bytes:
    """Return the EXIF that ExifTool, Adobe and others put into a box, or nothing."""
    for box in boxes(file):
        if box.kind == b"uuid":
            content = content_of(file, box, _MOST_EXIF)
            if content.startswith(_EXIF):
                return content.removeprefix(_EXIF)
    return b""


def _codestream(file: BinaryIO) -> int:
    """Return where the codestream begins."""
    file.seek(0)
    if file.read(2) == b"\xff\x4f":
        return 0
    return next(box.start for box in boxes(file) if box.kind == b"jp2c")


FAMILY = Family(
    (Format("jpeg2000", "image/jp2", rb"\0\0\0\x0cjP  \r\n\x87\n|\xff\x4f\xff\x51"),),
    (".jp2", ".j2k", ".j2c", ".jpx", ".jpf"),
    _open,
    apart=True,
)
