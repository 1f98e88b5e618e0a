"""Where the tiles of a HEIC picture lie in it, once it is cropped and turned upright.

Transformations: ISO/IEC 23008-12, 6.5.9, 6.5.10 and 6.5.12.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from struct import unpack_from

from PIL.Image import Transpose

from indexer.photos.formats.heif_items import CodedTiles, Size

Point = tuple[int, int]
"""x and y, in pixels from the left and the top."""

Turns = tuple[Transpose, ...]
"""To be done in this order."""

_ROTATIONS = (None, Transpose.ROTATE_90, Transpose.ROTATE_180, Transpose.ROTATE_270)
_MIRRORS = (Transpose.FLIP_TOP_BOTTOM, Transpose.FLIP_LEFT_RIGHT)

# Where a turn takes the point (x, y) of a picture of that width and height.
_MOVES: dict[Transpose, Callable[[int, int, int, int], Point]] = {
    Transpose.FLIP_LEFT_RIGHT: lambda x, y, width, height: (width - x, y),
    Transpose.FLIP_TOP_BOTTOM: lambda x, y, width, height: (x, height - y),
    Transpose.ROTATE_90: lambda x, y, width, height: (y, width - x),
    Transpose.ROTATE_180: lambda x, y, width, height: (width - x, height - y),
    Transpose.ROTATE_270: lambda x, y, width, height: (height - y, x),
}


@dataclass(frozen=True, slots=True)
class Layout:
    """Tiles in a picture.

    Attributes:
        size: width and height of the picture.
        boxes: two opposite corners of each tile; a part of a tile may lie outside.
        turns: to be done with each tile.
    """

    size: Size
    boxes: tuple[tuple[Point, Point], ...]
    turns: Turns = ()

    def starts(self) -> tuple[Point, ...]:
        """Return the left upper corner of each tile."""
        return tuple((min(a[0], b[0]), min(a[1], b[1])) for a, b in self.boxes)

    def cropped(self, aperture: memoryview) -> "Layout":
        """Return what is left of it. Raises `ValueError` if it is cropped between pixels."""
        numbers = unpack_from(">4IiIiI", aperture)
        width, height, *offsets = map(Fraction, numbers[::2], numbers[1::2])
        left = _first(self.size[0], width, offsets[0])
        top = _first(self.size[1], height, offsets[1])
        boxes = tuple(((a[0] - left, a[1] - top), (b[0] - left, b[1] - top)) for a, b in self.boxes)
        return Layout((int(width), int(height)), boxes, self.turns)

    def turned(self, turn: Transpose) -> "Layout":
        """Return it turned."""
        move, (width, height) = _MOVES[turn], self.size
        boxes = tuple((move(*a, width, height), move(*b, width, height)) for a, b in self.boxes)
        quarter = turn in (Transpose.ROTATE_90, Transpose.ROTATE_270)
        size = (height, width) if quarter else self.size
        return Layout(size, boxes, (*self.turns, turn))


def lay_out(coded: CodedTiles) -> Layout:
    """Return where the tiles of a picture lie.

    Raises:
        LookupError, ValueError, struct.error: a transformation is damaged, or crops between pixels.
    """
    width, height = coded.tile_size
    rows = len(coded.tiles) // coded.columns
    starts = [(x * width, y * height) for y, x in product(range(rows), range(coded.columns))]
    layout = Layout(coded.size, tuple(((x, y), (x + width, y + height)) for x, y in starts))
    for name, content in coded.transformations:
        if name == b"clap":
            layout = layout.cropped(content)
        elif (turn := _turn(name, content[0])) is not None:  # the first has the number 0
            layout = layout.turned(turn)
    return layout


def _turn(name: bytes, number: int) -> Transpose | None:
    return _MIRRORS[number & 1] if name == b"imir" else _ROTATIONS[number & 3]


def _first(side: int, of_crop: Fraction, offset: Fraction) -> int:
    """Return the first pixel of a side that is cropped; the middles of both are `offset` apart."""
    first = (side - of_crop) / 2 + offset
    if first.denominator != 1 or of_crop.denominator != 1 or not 0 <= first <= side - of_crop:
        raise ValueError("cropped between pixels, or to more than there is")
    return int(first)
