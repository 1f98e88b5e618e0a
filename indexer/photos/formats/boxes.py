"""Boxes, of which JPEG 2000, JPEG XL, HEIC and films are made (ISO/IEC 14496-12, 4.2)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

MOST_BOXES = 10_000
"""A damaged file must not make us walk it byte by byte."""


@dataclass(frozen=True, slots=True)
class Box:
    """A box of a file.

    Attributes:
        kind: its four letters.
        start: place of its content in the file.
        end: place after it.
    """

    kind: bytes
    start: int
    end: int


def boxes(file: BinaryIO, start: int = 0, end: int | None = None) -> Iterator[Box]:
    """Yield the boxes between two places of a file, up to the first damaged one."""
    if end is None:
        end = file.seek(0, 2)
    for _ in range(MOST_BOXES):
        file.seek(start)
        head = file.read(16)
        length, content = int.from_bytes(head[:4]), start + 8
        if length == 1:
            length, content = int.from_bytes(head[8:16]), start + 16
        after = start + length if length else end  # 0: it reaches to the end
        if content > end or after < content:
            return
        yield Box(head[4:8], content, min(after, end))
        start = after


def content_of(file: BinaryIO, box: Box, most: int) -> bytes:
    """Return the content of a box, but no more than `most` bytes."""
    file.seek(box.start)
    return file.read(min(most, box.end - box.start))


def is_cut_off(file: BinaryIO) -> bool:
    """Tell whether the file ends within a box, as a copy that broke off does."""
    end = file.seek(0, 2)
    start = 0
    for _ in range(MOST_BOXES):
        file.seek(start)
        head = file.read(16)
        length = int.from_bytes(head[:4])
        if length == 1:
            length = int.from_bytes(head[8:16])
        if len(head) < 8 or length < 8:
            return False
        start += length
        if start > end:
            return True
    return False
