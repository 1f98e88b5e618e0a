"""HEIF and HEIC, as phones write them, through pillow-heif."""

from io import BytesIO

from PIL.ImageFile import ImageFile


def open_image(data: bytes) -> ImageFile:
    """Read the header."""
    from pillow_heif import HeifImageFile

    plugin: type[ImageFile] = HeifImageFile
    return plugin(BytesIO(data), "")
