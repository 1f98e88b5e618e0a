"""Brands, by which files made of boxes say what they hold (registered at mp4ra.org)."""

from collections.abc import Callable
from typing import BinaryIO

MOST_BRANDS = 64

_PICTURES = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis"), "heif"),
    **dict.fromkeys((b"hevc", b"hevx", b"hevm", b"hevs"), "heif"),
    **dict.fromkeys((b"avif", b"avis", b"avio"), "avif"),
}
# Pictures, coded in one way or another: the other brands say in which.
_ANY_PICTURE = (b"mif1", b"mif2", b"msf1", b"miaf")
_FILMS = {
    b"qt  ": "mov",
    **dict.fromkeys((b"iso" + bytes([n]) for n in b"m23456789abc"), "mp4"),
    **dict.fromkeys((b"mp41", b"mp42", b"mp71", b"mmp4", b"avc1", b"hvc1", b"av01"), "mp4"),
    **dict.fromkeys((b"M4V ", b"M4VH", b"M4VP", b"f4v ", b"MSNV", b"XAVC", b"niko"), "mp4"),
    **dict.fromkeys((b"3gp4", b"3gp5", b"3gp6", b"3gp7", b"3g2a", b"3g2b", b"3g2c"), "mp4"),
}
_OTHERS = {b"crx ": "cr3", **dict.fromkeys((b"M4A ", b"M4B ", b"M4P ", b"F4A "), "")}


def brands(file: BinaryIO) -> tuple[bytes, ...]:
    """Return the major brand of a file and those that it is compatible with, or none."""
    file.seek(0)
    head = file.read(16 + 4 * MOST_BRANDS)
    if head[4:8] != b"ftyp":
        return ()
    names = head[16 : int.from_bytes(head[:4])]
    return (head[8:12], *(names[at : at + 4] for at in range(0, len(names), 4)))


def is_of(format_: str) -> Callable[[BinaryIO], bool]:
    """Return what tells whether the brands of a file mean a format."""
    return lambda file: _format_of(brands(file)) == format_


def _format_of(names: tuple[bytes, ...]) -> str:
    """Return the format that brands mean: the major one decides, if it says something."""
    if not names:
        return ""
    major = (_PICTURES | _FILMS | _OTHERS).get(names[0])
    if major is not None:
        return major
    pictures = [_PICTURES[name] for name in names if name in _PICTURES]
    if pictures or set(names) & set(_ANY_PICTURE):
        return next(iter(pictures), "heif")
    return next((_FILMS[name] for name in names if name in _FILMS), "")
