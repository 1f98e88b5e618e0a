"""Raw photos of cameras, through LibRaw (rawpy), which is an extra."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO

from PIL import Image
from PIL.ExifTags import IFD

from indexer.photos import exif
from indexer.photos.formats import jpeg
from indexer.photos.formats.brands import is_of
from indexer.photos.formats.family import Family, Format, Picture, PictureFile
from indexer.photos.formats.tags import directories, text

if TYPE_CHECKING:
    from rawpy import RawPy

_MAKE, _DNG_VERSION, _PHOTOMETRIC = 271, 50706, 262
_COLOUR_FILTERS = 32803
"""What a sensor sees, as a photometric interpretation (TIFF/EP, ISO 12234-2)."""

# How LibRaw turns pictures upright (bits: mirror, flip, transpose) -> orientation of EXIF.
_ORIENTATIONS = (1, 2, 4, 3, 5, 8, 6, 7)

PIXEL_BYTES = 10.0
"""Of LibRaw at half of the size: what the sensor saw, its colours, and RGB; twice as much where
each pixel has all colours."""

_MOST_EXIF = 2_000_000
"""Bytes at the beginning of a file that its EXIF is looked for in."""


def _open(file: BinaryIO, _: str) -> PictureFile:
    sizes = _raw(file).sizes
    size = sizes.width, sizes.height
    # Damage may make the margins huge, which no limit on the picture would find.
    if sizes.raw_width * sizes.raw_height > 2 * size[0] * size[1] + 1_000_000:
        raise ValueError("the margins are larger than the picture")
    orientation = _ORIENTATIONS[sizes.flip & 7]
    return PictureFile(
        size,
        lambda side: _decode(file, size, orientation, side),
        pixel_bytes=PIXEL_BYTES,
        exif=lambda: _exif_or_preview(file),
    )


def _decode(file: BinaryIO, size: tuple[int, int], orientation: int, side: int) -> Picture:
    """Return the camera's own preview where it is large enough, and else half of the raw."""
    preview = _preview(file, size, side)
    if preview and min(preview.image.size) >= min(side, min(size) // 2):
        picture = preview
    else:
        picture = _developed(file, preview)
    facts = exif.read(_exif(file))
    if preview and facts == exif.Facts(facts.orientation):
        facts = preview.facts
    return replace(picture, facts=replace(facts, orientation=orientation))


def _preview(file: BinaryIO, size: tuple[int, int], side: int) -> Picture | None:
    """Return the largest picture that the camera put beside the raw, lying as the raw does."""
    try:
        data = _raw(file).extract_thumb().data
        if not isinstance(data, bytes):
            image = Image.fromarray(data)
            return Picture(image) if _alike(image.size, size) else None
        opened = jpeg.FAMILY.open(BytesIO(data), "jpeg")
        return opened.decode(side) if _alike(opened.size, size) else None
    except Exception:  # there is none, or it is damaged: the raw may still be read
        return None


def _alike(preview: tuple[int, int], size: tuple[int, int]) -> bool:
    """Tell whether a preview can be one: neither turned already nor much larger than the raw."""
    turned = (preview[0] > preview[1]) != (size[0] > size[1])
    return not turned and preview[0] * preview[1] <= 2 * size[0] * size[1]


def _developed(file: BinaryIO, preview: Picture | None) -> Picture:
    """Return the raw at half its size: one pixel of each four of the sensor, and not turned.

    A preview is better than nothing: LibRaw does not unpack the newest compressions, and files are
    cut off. (What it prints then cannot be stopped here.)
    """
    import rawpy

    try:
        raw = _raw(file)
        raw.unpack()
        pixels = raw.postprocess(half_size=True, use_camera_wb=True, user_flip=0)
    except rawpy.LibRawError as error:
        if preview is None:
            raise ValueError(_said(error)) from error
        damaged = isinstance(error, (rawpy.LibRawIOError, rawpy.LibRawDataError))
        return replace(preview, damaged=damaged)
    return Picture(Image.fromarray(pixels))


def _raw(file: BinaryIO) -> "RawPy":
    """Read the header anew: LibRaw unpacks either the preview or the raw of what it opened."""
    import rawpy

    raw = rawpy.RawPy()
    file.seek(0)
    try:
        raw.open_buffer(file)
    except rawpy.LibRawError as error:
        raise ValueError(_said(error)) from error
    return raw


def _said(error: Exception) -> str:
    """Return what LibRaw says, which rawpy passes on as bytes."""
    (words,) = error.args or (b"",)
    return words.decode("ascii", "replace") if isinstance(words, bytes) else str(words)


def _exif(file: BinaryIO) -> Image.Exif:
    """Return what a file that is made like TIFF tells, whatever it has instead of TIFF's magic."""
    file.seek(0)
    order = file.read(4)[:2]
    magic = b"*\0" if order == b"II" else b"\0*"
    return exif.parse(order + magic + file.read(_MOST_EXIF))


def _exif_or_preview(file: BinaryIO) -> Image.Exif:
    """Return what a file tells of how it was taken, or else its preview, or LibRaw in that."""
    told = _exif(file)
    with suppress(Exception):  # without a preview, or with a damaged one
        if not told.get_ifd(IFD.Exif):
            preview = _raw(file).extract_thumb().data
            if isinstance(preview, bytes):
                return jpeg.FAMILY.open(BytesIO(preview), "jpeg").exif()
    return told


def _is_dng(file: BinaryIO) -> bool:
    return any(_DNG_VERSION in tags for tags in directories(file))


def _of(*makers: str) -> Callable[[BinaryIO], bool]:
    """Return what tells whether a file holds what the sensor of such a camera saw.

    Programs of these makers write ordinary TIFF, too.
    """

    def check(file: BinaryIO) -> bool:
        found = list(directories(file))
        make = next((name for tags in found if (name := text(tags, _MAKE))), "").upper()
        seen = any(tags.get(_PHOTOMETRIC) == (_COLOUR_FILTERS,) for tags in found)
        return seen and make.startswith(makers)

    return check


_TIFF = rb"II\*\0|MM\0\*"

FAMILY = Family(
    (
        Format("cr2", "image/x-canon-cr2", rb"II\*\0....CR"),
        Format("cr3", "image/x-canon-cr3", rb"....ftyp", is_of("cr3")),
        Format("raf", "image/x-fuji-raf", rb"FUJIFILMCCD-RAW "),
        Format("rw2", "image/x-panasonic-rw2", rb"IIU\0"),
        Format("orf", "image/x-olympus-orf", rb"IIR[OS]|MMOR"),
        Format("dng", "image/x-adobe-dng", _TIFF, _is_dng),
        Format("nef", "image/x-nikon-nef", _TIFF, _of("NIKON")),
        Format("arw", "image/x-sony-arw", _TIFF, _of("SONY")),
        Format("pef", "image/x-pentax-pef", _TIFF, _of("PENTAX", "RICOH")),
        Format("srw", "image/x-samsung-srw", _TIFF, _of("SAMSUNG")),
    ),
    (".dng", ".cr2", ".cr3", ".nef", ".arw", ".raf", ".rw2", ".orf", ".pef", ".srw"),
    _open,
    apart=True,
    what="a raw photo",
    extra="raw",
    package="rawpy",
)
