"""AVIF."""

from dataclasses import replace
from typing import BinaryIO

from PIL import AvifImagePlugin

from indexer.photos.formats.brands import is_of
from indexer.photos.formats.family import Family, Format, PictureFile
from indexer.photos.formats.isobmff import rgb_space
from indexer.photos.formats.pillow import pillow_file

PIXEL_BYTES = 12.0
"""Of Pillow: brightness and colours, RGB made of them, and two copies of that."""


def _open(file: BinaryIO, _: str) -> PictureFile:
    # Pillow can be told only for the whole process. Files are decoded side by side here: several
    # threads for each would take as much time, and memory for all of them.
    AvifImagePlugin.DEFAULT_MAX_THREADS = AvifImagePlugin.DEFAULT_MAX_THREADS or 1
    colours = rgb_space(file.read())
    file.seek(0)
    opened = pillow_file(AvifImagePlugin.AvifImageFile(file, ""), colours)
    return replace(opened, pixel_bytes=PIXEL_BYTES)


FAMILY = Family(
    (Format("avif", "image/avif", rb"....ftyp", is_of("avif")),),
    (".avif", ".avifs"),
    _open,
    apart=True,
    in_browsers=True,
    turned_in_browsers=True,
)
