"""Items of HEIC files: of which coded tiles the main picture is made.

Items and their places: ISO/IEC 14496-12, 8.11; grids and properties: ISO/IEC 23008-12, 6.5 and
6.6.2.3.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.photos.formats.isobmff import Box, boxes, child, main_item, meta_of, owned_properties

MOST_ITEMS = 1000
"""As many as libheif reads."""

TRANSFORMATIONS = (b"irot", b"imir", b"clap")
_DESCRIPTIONS = (b"hvcC", b"ispe", b"pixi", b"colr", b"pasp", b"clli", b"mdcv")
"""Properties that need nothing done here, or are heeded here; a file with others is left alone."""

Size = tuple[int, int]
Place = tuple[memoryview, int, int]
"""Where a part of an item lies: in what, its beginning and its end."""


@dataclass(frozen=True, slots=True)
class CodedTiles:
    """A picture of one or more tiles, each of which is coded alone in HEVC.

    Attributes:
        parameters: what a decoder has to know first: HEVCDecoderConfigurationRecord.
        tiles: places of the tiles' content, row after row.
        columns: tiles side by side.
        tile_size: width and height of a tile.
        size: width and height of the picture, which may end within a tile.
        transformations: to be done with it, in this order.
        colours: matrix coefficients as H.273 numbers them, and whether the full range of numbers
            is used; None where only the tiles themselves tell.
    """

    parameters: bytes
    tiles: tuple[tuple[Place, ...], ...]
    columns: int
    tile_size: Size
    size: Size
    transformations: tuple[Box, ...]
    colours: tuple[int, bool] | None

    def contents(self) -> Iterator[bytes]:
        """Yield what is coded of each tile."""
        return map(content_of, self.tiles)


def coded_tiles(data: bytes) -> CodedTiles:
    """Return the tiles of a file's main picture, of which nothing is decoded.

    Raises:
        LookupError, ValueError, struct.error: the file is damaged, or its main picture something
            other than a grid of HEVC pictures or a single one.
    """
    meta = meta_of(data)
    main = main_item(meta)
    kinds, places, owned = kinds_of(meta), places_of(memoryview(data), meta), owned_properties(meta)
    numbers: tuple[int, ...] = (main,)
    grid = None
    if kinds[main] == b"grid":
        numbers, grid = _parts(meta, main), _grid(content_of(places[main]))
    if {kinds[number] for number in numbers} != {b"hvc1"}:
        raise ValueError("not made of HEVC pictures")
    tile, whole = _common([owned[number] for number in numbers]), owned[main]
    tile_size = struct.unpack_from(">2I", _property(tile, b"ispe"), 4)
    columns, rows, size = grid or (1, 1, tile_size)
    _check_cover(size, tile_size, (columns, rows), len(numbers))
    return CodedTiles(
        parameters=bytes(_property(tile, b"hvcC")),
        tiles=tuple(places[number] for number in numbers),
        columns=columns,
        tile_size=tile_size,
        size=size,
        transformations=_transformations(whole, tile),
        colours=_colours(whole, tile),
    )


def kinds_of(meta: memoryview) -> dict[int, bytes]:
    """Return the four letters of each item's kind."""
    table = child(meta, b"iinf")
    kinds = {}
    for name, entry in boxes(table[8 if table[0] else 6 :]):
        if name == b"infe" and entry[0] >= 2:
            wide = 2 * (entry[0] >= 3)
            kinds[int.from_bytes(entry[4 : 6 + wide])] = bytes(entry[8 + wide : 12 + wide])
    return kinds


def places_of(file: memoryview, meta: memoryview) -> dict[int, tuple[Place, ...]]:
    """Return where the parts of each item lie."""
    table = _Numbers(child(meta, b"iloc"))
    version = table.take(4) >> 24
    sizes = table.take(2)
    offset, length, base, index = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    count = table.take(4 if version >= 2 else 2)
    if version > 2 or count > MOST_ITEMS or not {offset, length} <= {4, 8}:
        raise ValueError("places of items in a way of their own")
    sources = {0: file, 1: child(meta, b"idat")}
    places = {}
    for _ in range(count):
        item = table.take(4 if version >= 2 else 2)
        source = sources.get(table.take(2) & 15 if version else 0)
        elsewhere, start = table.take(2), table.take(base)
        parts = []
        for _ in range(table.take(2)):
            table.take(index if version else 0)
            begin, size = start + table.take(offset), table.take(length)
            parts.append((begin, begin + size))
        if source is not None and not elsewhere:
            places[item] = tuple((source, begin, end) for begin, end in parts)
    return places


def content_of(places: tuple[Place, ...]) -> bytes:
    """Return what lies there.

    Raises:
        ValueError: it is more than there is.
    """
    for source, begin, end in places:
        if not begin < end <= len(source):
            raise ValueError("an item reaches beyond the end of the file")
    if sum(end - begin for _, begin, end in places) > len(places[0][0]):
        raise ValueError("an item is larger than the file")
    return b"".join(source[begin:end] for source, begin, end in places)


def _grid(payload: bytes) -> tuple[int, int, Size]:
    """Return columns, rows, and the size of the picture."""
    _, flags, rows, columns = struct.unpack_from(">4B", payload)
    width, height = struct.unpack_from(">2I" if flags & 1 else ">2H", payload, 4)
    return columns + 1, rows + 1, (width, height)


def _parts(meta: memoryview, item: int) -> tuple[int, ...]:
    """Return the items of which another is made."""
    table = child(meta, b"iref")
    size = 4 if table[0] else 2
    for name, entry in boxes(table[4:]):
        numbers = _Numbers(entry)
        if name == b"dimg" and numbers.take(size) == item:
            return tuple(numbers.take(size) for _ in range(numbers.take(2)))
    raise ValueError("a grid of nothing")


def _common(of_tiles: list[list[Box]]) -> list[Box]:
    """Return the properties that all tiles have."""
    if any(other != of_tiles[0] for other in of_tiles):
        raise ValueError("the tiles differ")
    return of_tiles[0]


def _property(properties: list[Box], name: bytes) -> memoryview:
    return dict(properties)[name]


def _check_cover(size: Size, tile: Size, counts: Size, tiles: int) -> None:
    """Refuse tiles that do not just cover a picture."""
    if tiles != counts[0] * counts[1]:
        raise ValueError("there are more or fewer tiles than the grid has places")
    for side, of_tile, count in zip(size, tile, counts, strict=True):
        if not (count - 1) * of_tile < side <= count * of_tile or of_tile > 2 * side:
            raise ValueError("the tiles do not cover the picture")


def _transformations(whole: list[Box], tile: list[Box]) -> tuple[Box, ...]:
    if {name for name, _ in whole + tile} - {*_DESCRIPTIONS, *TRANSFORMATIONS}:
        raise ValueError("it has a property that is not known here")
    if whole is not tile and any(name in TRANSFORMATIONS for name, _ in tile):
        raise ValueError("the tiles are turned")
    return tuple(property for property in whole if property[0] in TRANSFORMATIONS)


def _colours(whole: list[Box], tile: list[Box]) -> tuple[int, bool] | None:
    """Return the matrix and range of the picture, or else of the tiles."""
    for name, content in whole + tile:
        if name == b"colr" and bytes(content[:4]) == b"nclx":
            matrix, flags = struct.unpack_from(">HB", content, 8)
            return matrix, flags >= 128
    return None


class _Numbers:
    """Unsigned numbers of some bytes each, one after the other."""

    def __init__(self, data: memoryview) -> None:
        self._data, self._place = data, 0

    def take(self, size: int) -> int:
        """Return the next number; of no bytes it is 0."""
        end = self._place + size
        if end > len(self._data):
            raise ValueError("a table ends too early")
        number = int.from_bytes(self._data[self._place : end])
        self._place = end
        return number
