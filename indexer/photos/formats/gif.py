"""GIF."""

from dataclasses import replace
from typing import BinaryIO

from PIL import Image
from PIL.GifImagePlugin import GifImageFile

from indexer.photos.formats.family import FRAMES_BYTES, Family, Format, PictureFile
from indexer.photos.formats.pillow import pillow_file


class _Gif(GifImageFile):
    """GIF whose first frame may be smaller than the canvas: what it leaves free is see-through.

    Pillow fills that with whatever colour is the first of the palette.
    """

    def load_end(self) -> None:
        super().load_end()
        frame = self.dispose_extent
        if self.tell() == 0 and frame and frame != (0, 0, *self.size):
            canvas = Image.new("RGBA", self.size)
            canvas.paste(self.crop(frame).convert("RGBA"), frame[:2])
            self._mode = "RGBA"
            self.im = canvas.im


def _open(file: BinaryIO, _: str) -> PictureFile:
    return replace(pillow_file(_Gif(file, "")), pixel_bytes=FRAMES_BYTES)


FAMILY = Family((Format("gif", "image/gif", rb"GIF8[79]a"),), (".gif",), _open, in_browsers=True)
