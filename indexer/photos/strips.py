"""Large pictures a strip at a time: to change one as a whole takes a second one of its size."""

from collections.abc import Callable, Iterator

from PIL import Image

STRIP = 2_000_000
"""Pixels, or a few rows more."""

Box = tuple[int, int, int, int]


def map_strips(
    picture: Image.Image, change: Callable[[Image.Image], Image.Image], factor: int = 1
) -> Image.Image:
    """Return what `change` makes of a picture, in mode RGB.

    Args:
        picture: of any mode.
        change: takes a picture and returns one of mode RGB, whose pixels depend on nothing but the
            block of `factor` x `factor` pixels, counted from the left upper corner, in their place.
        factor: pixels that become one, along each side; sides are rounded up.
    """
    if picture.width * picture.height <= STRIP:
        return change(picture)
    size = -(-picture.width // factor), -(-picture.height // factor)
    changed = Image.new("RGB", size)
    for box in _boxes(picture.size, factor):
        changed.paste(change(picture.crop(box)), (0, box[1] // factor))
    return changed


def _boxes(size: tuple[int, int], factor: int) -> Iterator[Box]:
    width, height = size
    rows = max(1, STRIP // (width * factor)) * factor
    for top in range(0, height, rows):
        yield 0, top, width, min(top + rows, height)
