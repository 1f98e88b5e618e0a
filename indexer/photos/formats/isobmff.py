"""Boxes of HEIC and AVIF files: items, their properties, and the colours of the main picture.

Boxes: ISO/IEC 14496-12, 8.11 (items) and 12.1.5 (colours); properties: ISO/IEC 23008-12, 9.3.
"""

import struct
from collections import defaultdict
from collections.abc import Iterator

from indexer.photos import colour_spaces
from indexer.photos.colour_spaces import RgbSpace

MOST_BOXES = 10_000

Box = tuple[bytes, memoryview]
"""Its type and content."""


def rgb_space(data: bytes) -> RgbSpace | None:
    """Return what the main picture's numbers mean; None for sRGB, or where the file is damaged."""
    try:
        meta = meta_of(data)
        main = main_item(meta)
        for item, (name, content) in properties(meta):
            if item == main and name == b"colr" and bytes(content[:4]) == b"nclx":
                primaries, transfer = struct.unpack_from(">2H", content, 4)
                return colour_spaces.from_numbers(primaries, transfer)
    except (LookupError, ValueError, struct.error):
        pass
    return None


def meta_of(data: bytes) -> memoryview:
    """Return the boxes that describe the items of a file."""
    return child(memoryview(data), b"meta")[4:]  # behind version and flags


def main_item(meta: memoryview) -> int:
    """Return the number of the primary item."""
    main = child(meta, b"pitm")
    return int.from_bytes(main[4 : 8 if main[0] else 6])


def owned_properties(meta: memoryview) -> dict[int, list[Box]]:
    """Return the properties of each item, by its number."""
    owned = defaultdict(list)
    for item, property in properties(meta):
        owned[item].append(property)
    return owned


def properties(meta: memoryview) -> Iterator[tuple[int, Box]]:
    """Yield the number of an item and one of its properties, in their order."""
    both = child(meta, b"iprp")
    found = list(boxes(child(both, b"ipco")))
    for item, number in _associations(child(both, b"ipma")):
        if 0 < number <= len(found):
            yield item, found[number - 1]


def _associations(table: memoryview) -> Iterator[tuple[int, int]]:
    """Yield the number of an item and that of one of its properties, from 1."""
    wide_items, wide_numbers = table[0] > 0, table[3] & 1
    (count,) = struct.unpack_from(">I", table, 4)
    position = 8
    for _ in range(count):
        size = 4 if wide_items else 2
        item = int.from_bytes(table[position : position + size])
        numbers = table[position + size]
        position += size + 1
        for _ in range(numbers):
            size = 2 if wide_numbers else 1
            number = int.from_bytes(table[position : position + size])
            position += size
            yield item, number & (0x7FFF if wide_numbers else 0x7F)  # the first bit: essential


def child(data: memoryview, name: bytes) -> memoryview:
    """Return the content of the first box of that name, or nothing."""
    return next((content for found, content in boxes(data) if found == name), memoryview(b""))


def boxes(data: memoryview) -> Iterator[Box]:
    """Yield the boxes that lie in others.

    Raises:
        ValueError: one is damaged.
    """
    position = 0
    for _ in range(MOST_BOXES):
        if position + 8 > len(data):
            return
        size, name = struct.unpack_from(">I4s", data, position)
        start = position + 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, start)
            start += 8
        end = position + size if size else len(data)
        if end < start:
            raise ValueError("a box is smaller than its head")
        yield name, data[start:end]
        position = end
