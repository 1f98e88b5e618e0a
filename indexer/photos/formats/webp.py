"""WebP."""

from dataclasses import replace
from typing import BinaryIO

from PIL import Image
from PIL.WebPImagePlugin import WebPImageFile

from indexer.photos.formats.family import FRAMES_BYTES, Family, Format, Picture, PictureFile
from indexer.photos.formats.pillow import described, pillow_file

LARGE = 10_000_000
"""Pixels. Larger pictures are decoded into one array; Pillow would take four times the memory."""

ARRAY_BYTES = 9
"""Two arrays of four channels, in pictures that are packed without loss."""


def _open(file: BinaryIO, _: str) -> PictureFile:
    image = WebPImageFile(file, "")
    if image.width * image.height <= LARGE or getattr(image, "is_animated", False):
        return replace(pillow_file(image), pixel_bytes=FRAMES_BYTES)
    return replace(
        pillow_file(image),
        decode=lambda _: _large(image, file),
        plainly=lambda _: None,
        pixel_bytes=ARRAY_BYTES,
    )


def _large(image: WebPImageFile, file: BinaryIO) -> Picture:
    from imagecodecs import webp_decode

    file.seek(0)
    pixels = webp_decode(file.read(), hasalpha=True)
    if pixels.shape != (image.height, image.width, 4):
        raise ValueError("its size is damaged")
    # This takes no copy, as an image of three channels would.
    whole = Image.frombuffer("RGBA", image.size, pixels, "raw", "RGBA", 0, 1)
    return replace(described(image), image=whole)


FAMILY = Family(
    (Format("webp", "image/webp", rb"RIFF....WEBP"),),
    (".webp",),
    _open,
    in_browsers=True,
)
