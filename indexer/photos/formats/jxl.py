"""JPEG XL (ISO/IEC 18181), through the decoder of pillow-jxl-plugin, which is an extra."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from typing import Any, BinaryIO

from PIL import Image

from indexer.photos import exif
from indexer.photos.formats.boxes import boxes, content_of
from indexer.photos.formats.family import Family, Format, Picture, PictureFile

PIXEL_BYTES = 9.0
"""What libjxl returns, and Pillow's copy of that."""

_BARE = b"\xff\x0a"
_MOST_HEAD = 64
"""Bytes of a codestream that hold its size and orientation."""
_MOST_EXIF = 1_000_000

_SIDE_BITS = (9, 13, 18, 30)
# Width to height, by three bits; 0 stands for any (18181-1, D.2).
_RATIOS = ((0, 1), (1, 1), (6, 5), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))


def _open(file: BinaryIO, _: str) -> PictureFile:
    codestream = _codestream(file)
    size = _upright_size(codestream[:_MOST_HEAD])
    return PictureFile(
        size,
        lambda _: _decode(codestream, size, _exif(file)),
        pixel_bytes=PIXEL_BYTES,
        exif=lambda: exif.parse(_exif(file)),
    )


def _decode(codestream: bytes, size: tuple[int, int], notes: bytes) -> Picture:
    try:
        # No threads of its own: files are decoded side by side.
        _, info, pixels, profile, _ = _decoder()(num_threads=0)(codestream)
    except BaseException as error:
        # A panic of Rust is a BaseException; what libjxl says is advice on how to build it.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise ValueError("the file is damaged or cut off") from error
        raise
    image = Image.frombytes(info.mode, size, pixels)
    # libjxl turned the picture as the codestream says; EXIF does not count (18181-2, 9.4.3).
    return Picture(image, replace(exif.read(exif.parse(notes)), orientation=1), profile or None)


@cache
def _decoder() -> Callable[..., Any]:
    """Load the decoder alone: importing its package would add a plugin to Pillow for everyone."""
    package = find_spec("pillow_jxl")
    places = package.submodule_search_locations if package else None
    spec = PathFinder.find_spec("pillow_jxl.pillow_jxl", places)
    if spec is None or spec.loader is None:
        raise ImportError("pillow-jxl-plugin lacks its decoder: install it again")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    decoder: Callable[..., Any] = module.Decoder
    return decoder


def _codestream(file: BinaryIO) -> bytes:
    """Return the picture without the boxes around it, of which it may lie in several."""
    file.seek(0)
    if file.read(2) == _BARE:
        file.seek(0)
        return file.read()
    parts = []
    for box in boxes(file):
        if box.kind == b"jxlc":
            return content_of(file, box, box.end)
        if box.kind == b"jxlp":  # its first four bytes are the number of the part
            parts.append(content_of(file, box, box.end)[4:])
    return b"".join(parts)


def _exif(file: BinaryIO) -> bytes:
    """Return the EXIF of a file, from its byte order on, or nothing."""
    file.seek(0)
    if file.read(2) == _BARE:
        return b""
    for box in boxes(file):
        if box.kind == b"Exif":
            notes = content_of(file, box, _MOST_EXIF)
            # Where it begins comes first (18181-2, 9.3), but not in files of pillow-jxl-plugin.
            plain = notes.startswith((b"II*\0", b"MM\0*"))
            return notes if plain else notes[4 + int.from_bytes(notes[:4]) :]
    return b""


def _upright_size(head: bytes) -> tuple[int, int]:
    """Return width and height as shown, by the first bytes of a codestream (18181-1, D.2, D.3)."""
    bits = _Bits(head)
    if not head.startswith(_BARE):
        raise ValueError("no codestream")
    bits.take(16)
    small = bits.take(1)

    def side() -> int:
        return 8 + 8 * bits.take(5) if small else 1 + bits.take(_SIDE_BITS[bits.take(2)])

    height = side()
    ratio = bits.take(3)
    over, under = _RATIOS[ratio]
    width = height * over // under if ratio else side()
    all_default = bits.take(1)
    quarter_turn = not all_default and bits.take(1) and bits.take(3) >= 4
    return (height, width) if quarter_turn else (width, height)


class _Bits:
    """Numbers of a few bits each, the lowest bit of each byte first."""

    def __init__(self, data: bytes) -> None:
        self._rest = int.from_bytes(data, "little")

    def take(self, count: int) -> int:
        number = self._rest & ((1 << count) - 1)
        self._rest >>= count
        return number


FAMILY = Family(
    (Format("jxl", "image/jxl", rb"\xff\x0a|\0\0\0\x0cJXL \r\n\x87\n"),),
    (".jxl",),
    _open,
    apart=True,
    what="a JPEG XL picture",
    extra="jxl",
    package="pillow_jxl",
)
