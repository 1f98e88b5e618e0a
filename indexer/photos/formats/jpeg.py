"""JPEG, which can be scaled down while it is decoded."""

from io import BytesIO

from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile


class _Jpeg(JpegImageFile):
    """JPEG whose damaged EXIF does not matter."""

    def _read_dpi_from_exif(self) -> None:
        """Leave EXIF alone: if it is damaged, Pillow would give up the whole photo here."""


def open_image(data: bytes) -> ImageFile:
    """Read the header."""
    return _Jpeg(BytesIO(data), "")


def scale(image: ImageFile, side: int) -> None:
    """Let libjpeg decode at 1/2, 1/4 or 1/8 of the size, but no side shorter than `side`."""
    image.draft("RGB", (side, side))
