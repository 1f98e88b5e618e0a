"""HEIC at a part of its size through FFmpeg (PyAV), in half the time that libde265 takes.

Only the plain HEIC of phones and cameras: 4:2:0, 8 or 10 bits, no transparency. The filters that
smooth the edges of blocks are left out, because little of these is left at half of the size. Whole
blocks of pixels are averaged in YCbCr, before the colours are converted.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from PIL import Image

from indexer.photos.formats.heif_items import CodedTiles, Size, coded_tiles
from indexer.photos.formats.heif_layout import Layout, Turns, lay_out

if TYPE_CHECKING:
    from av.video.frame import VideoFrame
    from av.video.plane import VideoPlane

_BITS = {"yuv420p": 8, "yuvj420p": 8, "yuv420p10le": 10}
"""Of each number, by FFmpeg's name of the format of pixels."""

_FULL_RANGE = 2
"""As FFmpeg numbers it."""

Colours = tuple[int, bool]
"""Matrix coefficients, and whether the full range of numbers is used: see `CodedTiles`."""

# Shares of red and blue in brightness, by matrix coefficients: ITU-T H.273, table 4. Where none
# are named, libheif takes those of sYCC.
_SHARES = {
    1: (0.2126, 0.0722),
    2: (0.299, 0.114),
    5: (0.299, 0.114),
    6: (0.299, 0.114),
    9: (0.2627, 0.0593),
}


def decode_smaller(data: bytes, factor: int, size: Size, threads: int = 1) -> Image.Image:
    """Return the main picture of a HEIC file upright, at one `factor`-th of its size, mode RGB.

    Args:
        data: the whole file.
        factor: pixels that become one, along each side; at least 2.
        size: width and height of the picture, upright.
        threads: tiles that are decoded at the same time, which makes no difference to the picture.

    Raises:
        Exception: of any kind, if the file is damaged, or not of the kind that is read here.
    """
    coded = coded_tiles(data)
    # ISO/IEC 14496-15, 8.3.3.1.2: 4:2:0, and bits more than 8.
    if coded.parameters[16] & 3 != 1 or coded.parameters[17] & 7 > 2:
        raise ValueError("not 4:2:0 of 8 or 10 bits")
    layout = lay_out(coded)
    if layout.size != size:
        raise ValueError(f"the tiles give {layout.size}, not {size}")
    lying, turns = _turned_late(coded, layout, factor)
    planes = _Planes(lying, factor)
    colours = _Tiles(coded, planes).decode(threads)
    picture = _to_rgb(planes.reduced(), *colours)
    for turn in turns:
        picture = picture.transpose(turn)
    return picture


def _turned_late(coded: CodedTiles, layout: Layout, factor: int) -> tuple[Layout, Turns]:
    """Return how to lay tiles, and what is to be turned afterwards, when less is left to turn.

    Averages are the same only where no block of pixels ends outside the picture.
    """
    cropped = any(name == b"clap" for name, _ in coded.transformations)
    if cropped or any(side % factor for side in layout.size):
        return layout, ()
    return lay_out(replace(coded, transformations=())), layout.turns


@dataclass(frozen=True, slots=True)
class _Tiles:
    """Tiles of a picture, and where they go."""

    coded: CodedTiles
    planes: "_Planes"

    def decode(self, threads: int) -> Colours:
        """Decode all; return what the numbers of the first mean."""
        contents = enumerate(self.coded.contents())
        if threads == 1:
            first, *_ = [self._paste(*content) for content in contents]
            return first
        with ThreadPoolExecutor(threads, "tiles") as pool:  # FFmpeg and Pillow hold no lock
            first, *_ = pool.map(lambda content: self._paste(*content), contents)
        return first

    def _paste(self, number: int, content: bytes) -> Colours:
        frame = _frame(self.coded, content)
        colours = self.coded.colours or _colours_of(frame)
        if frame.format.name not in _BITS or colours[0] not in _SHARES:
            raise ValueError(f"{frame.format.name} and colours {colours} are not read here")
        self.planes.paste(number, frame)
        return colours


def _colours_of(frame: "VideoFrame") -> Colours:
    return int(frame.colorspace), int(frame.color_range) == _FULL_RANGE


def _frame(coded: CodedTiles, content: bytes) -> "VideoFrame":
    """Decode a tile."""
    import av

    av.logging.set_level(None)  # of this process: FFmpeg would tell stderr about damage
    width, height = coded.tile_size
    context = av.CodecContext.create("hevc", "r")  # `_Planes.paste` says why
    context.extradata = coded.parameters
    context.thread_count = 1  # files, or tiles, are decoded side by side
    context.options = {
        "skip_loop_filter": "all",
        "err_detect": "explode",
        # A damaged tile must not ask for more than the file tells, and some margins.
        "max_pixels": str((width + 256) * (height + 256)),
    }
    # Without the end of the stream, a decoder may wait for more.
    found = context.decode(av.Packet(content)) + context.decode(None)
    if [(frame.width, frame.height) for frame in found] != [coded.tile_size]:
        raise ValueError("not one picture of the size that the file tells")
    return found[0]


class _Planes:
    """Brightness and two colours of a picture, put together from its tiles."""

    def __init__(self, layout: Layout, factor: int) -> None:
        self._starts, self._turns = layout.starts(), layout.turns
        # Where all is even, colours stay at half the size of brightness, as they are stored.
        even = not any(number % 2 for start in self._starts for number in (*start, factor))
        share = 2 if even else 1
        width, height = layout.size
        half = -(-width // share), -(-height // share)
        # Tiles cover them, so they need not be black before.
        self._images = [(Image.new("L", layout.size, None), factor, 1)]
        self._images += [(Image.new("L", half, None), factor // share, share) for _ in range(2)]

    def paste(self, number: int, frame: "VideoFrame") -> None:
        """Put a tile where it belongs.

        Raises:
            ValueError: it is damaged.
        """
        tiles = [_as_image(plane, _BITS[frame.format.name]) for plane in frame.planes]
        # What a decoder that has just begun does not get to stays a green that no camera sees.
        ends = (tile.getpixel((tile.width - 1, tile.height - 1)) for tile in tiles)
        if frame.is_corrupt or not any(ends):
            raise ValueError("a tile is damaged")
        x, y = self._starts[number]
        for tile, (image, _, share) in zip(tiles, self._images, strict=True):
            if tile.width * share < frame.width:
                double = tile.resize((2 * tile.width, 2 * tile.height), Image.Resampling.NEAREST)
                tile = double.crop((0, 0, frame.width, frame.height))
            for turn in self._turns:
                tile = tile.transpose(turn)
            image.paste(tile, (x // share, y // share))

    def reduced(self) -> list[Image.Image]:
        """Return the average of each block of pixels."""
        return [image.reduce(factor) for image, factor, _ in self._images]


def _as_image(plane: "VideoPlane", bits: int) -> Image.Image:
    size, numbers = (plane.width, plane.height), cast(Any, plane)  # in C, it is a buffer
    if bits == 8:
        return Image.frombuffer("L", size, numbers, "raw", "L", plane.line_size, 1)
    rows = np.frombuffer(numbers, "<u2").reshape(-1, plane.line_size // 2)
    return Image.fromarray((rows[: size[1], : size[0]] >> (bits - 8)).astype(np.uint8))


def _to_rgb(planes: list[Image.Image], matrix: int, full: bool) -> Image.Image:
    """Convert brightness and two colours: ITU-T H.273, 8.3."""
    first, bright, colourful = (0, 1.0, 1.0) if full else (16, 255 / 219, 255 / 224)
    red, blue = _SHARES[matrix]
    of_red, of_blue = 2 * (1 - red) * colourful, 2 * (1 - blue) * colourful
    rows = np.array([
        [bright, 0, of_red],
        [bright, -of_blue * blue / (1 - red - blue), -of_red * red / (1 - red - blue)],
        [bright, of_blue, 0],
    ])  # fmt: skip
    shifts = rows @ (-first, -128, -128)
    numbers = tuple(np.column_stack((rows, shifts)).ravel().tolist())
    return Image.merge("RGB", planes).convert("RGB", numbers)
