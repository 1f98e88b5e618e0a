"""The formats that Pillow's own plugins read as they are: PNG, WebP, GIF, BMP and TIFF."""

from io import BytesIO

from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

PLUGINS: dict[str, type[ImageFile]] = {
    "png": PngImageFile,
    "webp": WebPImageFile,
    "gif": GifImageFile,
    "bmp": BmpImageFile,
    "tiff": TiffImageFile,
}


def open_image(data: bytes, format_: str) -> ImageFile:
    """Read the header of a file of one of the `PLUGINS`."""
    return PLUGINS[format_](BytesIO(data), "")
