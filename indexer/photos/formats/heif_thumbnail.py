"""The thumbnail of a HEIC picture as a file of its own, so that a decoder reads nothing else.

Boxes of a file and of items: ISO/IEC 14496-12, 4.3 and 8.11; thumbnails: ISO/IEC 23008-12, 6.4.
"""

import struct

from indexer.photos.formats.heif_items import content_of, kinds_of, places_of
from indexer.photos.formats.isobmff import (
    Box,
    boxes,
    child,
    main_item,
    meta_of,
    owned_properties,
)

_TURNS = (b"irot", b"imir")
_ESSENTIAL = (b"hvcC", b"av1C", b"clap", *_TURNS)
"""Properties without which a picture must not be shown."""


def thumbnail_of(data: bytes) -> bytes | None:
    """Return a file of the largest thumbnail of the main picture of another.

    None where there is none that is turned as the picture is, or the file is damaged.
    """
    try:
        meta = meta_of(data)
        main, owned = main_item(meta), owned_properties(meta)
        found = [
            one for one in _thumbnails(meta, main) if _turns(owned[one]) == _turns(owned[main])
        ]
        if not found:
            return None
        best = max(found, key=lambda item: _pixels(owned[item]))
        content = content_of(places_of(memoryview(data), meta)[best])
        return _file(
            bytes(child(memoryview(data), b"ftyp")), kinds_of(meta)[best], owned[best], content
        )
    except (LookupError, ValueError, struct.error):
        return None


def _thumbnails(meta: memoryview, main: int) -> list[int]:
    """Return the items that are thumbnails of the main one."""
    table = child(meta, b"iref")
    size = 4 if table[0] else 2
    found = []
    for name, entry in boxes(table[4:]):
        masters = entry[size + 2 :]
        numbers = [int.from_bytes(masters[at : at + size]) for at in range(0, len(masters), size)]
        if name == b"thmb" and main in numbers:
            found.append(int.from_bytes(entry[:size]))
    return found


def _turns(owned: list[Box]) -> list[tuple[bytes, bytes]]:
    return [(name, bytes(content)) for name, content in owned if name in _TURNS]


def _pixels(owned: list[Box]) -> int:
    width, height = struct.unpack_from(">2I", dict(owned)[b"ispe"], 4)
    return int(width * height)


def _file(brands: bytes, kind: bytes, owned: list[Box], content: bytes) -> bytes:
    """Return a file of a single item, which has the number 1."""
    numbers = [number | (name in _ESSENTIAL) << 7 for number, (name, _) in enumerate(owned, 1)]
    properties = _box(b"ipco", *(_box(name, bytes(property)) for name, property in owned))
    associations = struct.pack(">IIHB", 0, 1, 1, len(owned)) + bytes(numbers)
    before = [
        _box(b"hdlr", bytes(8), b"pict", bytes(13)),
        _box(b"pitm", struct.pack(">IH", 0, 1)),
        _box(b"iinf", struct.pack(">IH", 0, 1), _box(b"infe", b"\2\0\0\0\0\1\0\0", kind, b"\0")),
        _box(b"iprp", properties, _box(b"ipma", associations)),
    ]
    head = _box(b"ftyp", brands)
    place = struct.pack(">IHHHHH", 0, 0x4400, 1, 1, 0, 1)
    length = len(head) + len(_box(b"meta", bytes(4), *before, _box(b"iloc", place, bytes(8))))
    where = _box(b"iloc", place, struct.pack(">2I", length + 8, len(content)))
    return head + _box(b"meta", bytes(4), *before, where) + _box(b"mdat", content)


def _box(name: bytes, *contents: bytes) -> bytes:
    content = b"".join(contents)
    return struct.pack(">I4s", 8 + len(content), name) + content
