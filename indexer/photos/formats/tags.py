"""The tags of TIFF, which most raw photos are made of (TIFF 6.0, section 2)."""

import struct
from collections.abc import Iterator
from typing import BinaryIO

SUB_DIRECTORIES = 330

_MOST_DIRECTORIES = 32
_MOST_TAGS = 512
_MOST_VALUES = 64
"""More than any value has that tells one kind of file from another."""

# How numbers are packed, by type: bytes, text, 16 and 32 bits, anything, places of directories.
_LETTERS = {1: "B", 2: "B", 3: "H", 4: "I", 7: "B", 13: "I"}

Tags = dict[int, tuple[int, ...]]
"""Values by the number of the tag: whole numbers, or the bytes of a text."""


def directories(file: BinaryIO) -> Iterator[Tags]:
    """Yield the directories of a file, and those below them, as far as they can be read."""
    file.seek(0)
    order = "<" if file.read(2) == b"II" else ">"
    waiting = [*_numbers(file, 4, order + "I")]
    seen = {0}
    while waiting and len(seen) < _MOST_DIRECTORIES:
        place = waiting.pop(0)
        if place not in seen:
            seen.add(place)
            tags, after = _directory(file, place, order)
            yield tags
            waiting += (*tags.get(SUB_DIRECTORIES, ()), *after)


def text(tags: Tags, tag: int) -> str:
    """Return a text; "" if there is none."""
    value = tags.get(tag, ())
    return bytes(number for number in value if 0 < number < 256).decode("latin-1").strip()


def _directory(file: BinaryIO, place: int, order: str) -> tuple[Tags, tuple[int, ...]]:
    """Return the tags of the directory at `place`, and where the next one lies."""
    tags: Tags = {}
    (count,) = _numbers(file, place, order + "H") or (0,)
    entries = file.read(12 * min(count, _MOST_TAGS))
    whole = len(entries) // 12 * 12
    for tag, type_, values, value in struct.iter_unpack(order + "HHI4s", entries[:whole]):
        if type_ in _LETTERS and 0 < values <= _MOST_VALUES:
            form = f"{order}{values}{_LETTERS[type_]}"
            size = struct.calcsize(form)
            if size <= 4:
                tags[tag] = struct.unpack(form, value[:size])
            else:
                tags[tag] = _numbers(file, struct.unpack(order + "I", value)[0], form)
    return tags, _numbers(file, place + 2 + 12 * count, order + "I")


def _numbers(file: BinaryIO, place: int, form: str) -> tuple[int, ...]:
    """Return the numbers at `place`; none if the file ends before."""
    file.seek(place)
    data = file.read(struct.calcsize(form))
    return struct.unpack(form, data) if len(data) == struct.calcsize(form) else ()
