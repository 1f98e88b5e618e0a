"""TIFF 6.0 and BigTIFF: Pillow reads samples of up to 8 bits, tifffile all others.

Of larger ones Pillow would make noise (separate planes, compressed data in the byte order of other
machines) or negatives (WhiteIsZero), and say nothing.
"""

import struct
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from PIL.TiffImagePlugin import IFDRational, TiffImageFile

from indexer.photos import exif
from indexer.photos.formats.family import PILLOW_BYTES, Family, Format, Picture, PictureFile
from indexer.photos.formats.pillow import FAINT, contrast
from indexer.photos.formats.tiff_samples import CHANNELS, span_of, to_image
from indexer.photos.strips import STRIP

if TYPE_CHECKING:
    from tifffile import TiffFile, TiffPage

MOST_PAGES = 100
"""Pages that are looked at."""
MOST_BYTES = 1_600_000_000
"""Of samples that are unpacked: 8 for each pixel of the largest picture."""
LARGE_BYTES = 100_000_000
"""More samples than these are unpacked strip by strip, or tile by tile."""
READ = 10_000_000
"""Bytes of packed samples that are read at once."""
SEPARATE = 2
"""Of planes: each sample has one of its own."""
LARGE = 0.5
"""Pages with less than this share of the largest one's pixels are thumbnails or masks."""

_PLAIN = (
    *(Base.RecommendedExposureIndex, Base.ISOSpeed, Base.FocalLengthIn35mmFilm),
    *(Base.LensMake, Base.LensModel),
)
_FRACTIONS = (
    *(Base.ExposureTime, Base.FNumber, Base.FocalLength),
    *(Base.ShutterSpeedValue, Base.ApertureValue),
)

Part = tuple[tuple[int, int], NDArray[Any]]
"""Where a part of a page begins, from the left and the top, and its samples: shape (h, w, n)."""


def _open(file: BinaryIO, _: str) -> PictureFile:
    from tifffile import TiffFile

    data = file.read()
    tiff = TiffFile(BytesIO(data))
    pages = _full_pages(tiff)
    page = pages[0]
    size = (page.imagewidth, page.imagelength)
    return PictureFile(
        size,
        lambda _: _decode(data, pages),
        pixel_bytes=_pixel_bytes(page),
        exif=lambda: _exif(page),
    )


def _pixel_bytes(page: "TiffPage") -> float:
    whole = _is_deep(page) and not _is_large(page)
    return PILLOW_BYTES + (page.nbytes / (page.imagewidth * page.imagelength) if whole else 0)


def _full_pages(tiff: "TiffFile") -> "list[TiffPage]":
    """Return the pages that are as large as the largest, or nearly; the first of these first."""
    pages: list[TiffPage] = []
    for number in range(MOST_PAGES):
        try:
            page = tiff.pages[number]
        except IndexError:
            break
        pages.append(page.aspage())
    full = [page for page in pages if not page.is_reduced and not page.is_mask] or pages
    largest = max(page.imagewidth * page.imagelength for page in full)
    return [page for page in full if page.imagewidth * page.imagelength >= LARGE * largest]


def _decode(data: bytes, pages: "list[TiffPage]") -> Picture:
    """Return the first page, unless it is blank and another one shows something."""
    first = _page(data, pages[0])
    if len(pages) == 1 or contrast(first.image) >= FAINT:
        return first
    size = (pages[0].imagewidth, pages[0].imagelength)  # what was checked, and documents say
    for page in pages[1:]:
        if (page.imagewidth, page.imagelength) == size:
            other = _page(data, page)
            if contrast(other.image) > 2 * contrast(first.image):
                return other
    return first


def _page(data: bytes, page: "TiffPage") -> Picture:
    facts = exif.read(_exif(page))
    read = _by_tifffile if _is_deep(page) else _by_pillow
    return Picture(read(data, page), facts, page.iccprofile)


def _exif(page: "TiffPage") -> Image.Exif:
    """The EXIF of a page; Pillow would read only the first one's, and none of BigTIFF."""
    told = Image.Exif()
    with suppress(Exception):  # whatever damaged tags make tifffile raise
        for code in (Base.Make, Base.Model, Base.Orientation, Base.DateTime):
            if tag := page.tags.get(code):
                told[code] = tag.value
        if tag := page.tags.get(IFD.Exif):
            told.get_ifd(IFD.Exif).update(_detail(tag.value))
        if tag := page.tags.get(IFD.GPSInfo):
            told.get_ifd(IFD.GPSInfo).update(_position(tag.value))
    return told


def _detail(tags: Mapping[str, Any]) -> dict[int, Any]:
    """When and how the photo was taken, of the tags that tifffile read: it names them anew."""
    plain: dict[int, Any] = {tag: tags.get(tag.name) for tag in (Base.DateTimeOriginal, *_PLAIN)}
    iso = tags.get("PhotographicSensitivity", tags.get("ISOSpeedRatings"))
    pairs = ((tag, tags.get(tag.name)) for tag in _FRACTIONS)
    fractions: dict[int, Any] = {}
    for tag, pair in pairs:
        with suppress(TypeError, ValueError):  # whatever stands there instead of two numbers
            fractions[tag] = IFDRational(*pair)  # type: ignore[misc]
    return {**plain, Base.ISOSpeedRatings: iso, **fractions}


def _position(tags: Mapping[str, Any]) -> dict[int, Any]:
    """The position among the GPS tags that tifffile read: fractions are two numbers each."""
    position: dict[int, Any] = {}
    for tag in (GPS.GPSLatitudeRef, GPS.GPSLatitude, GPS.GPSLongitudeRef, GPS.GPSLongitude):
        value = tags.get(tag.name)
        if isinstance(value, tuple):
            value = tuple(map(IFDRational, value[::2], value[1::2]))
        position[tag] = value
    return position


def _is_deep(page: "TiffPage") -> bool:
    """Tell whether its samples have more than 8 bits, or signs."""
    return page.bitspersample > 8 or page.sampleformat not in (None, 1, 4)  # 4: undefined


def _by_pillow(data: bytes, page: "TiffPage") -> Image.Image:
    try:
        image = TiffImageFile(BytesIO(_untold(data, page)), "")
        image.seek(page.index)
        image.getexif()[Base.Orientation] = 1  # instead of one in XMP
        image.load()
        if image.mode == "La":
            raise ValueError("Pillow cannot convert it")
    except SyntaxError:  # a mode that it does not know
        return _by_tifffile(data, page)
    except (ValueError, OSError):  # a layout or compression that it lacks, or damage
        with suppress(Exception):
            return _by_tifffile(data, page)
        raise
    if image.size != (page.imagewidth, page.imagelength):
        raise ValueError("its size is damaged")
    return image


def _untold(data: bytes, page: "TiffPage") -> bytes:
    """Return a file without its orientation: Pillow would turn what is turned later anyway."""
    from tifffile import DATATYPE

    tag = page.tags.get(Base.Orientation)
    if tag is None or tag.value == 1:
        return data
    upright = bytearray(data)
    form = page.parent.byteorder + ("H" if tag.dtype == DATATYPE.SHORT else "I")
    struct.pack_into(form, upright, tag.valueoffset, 1)
    return bytes(upright)


def _by_tifffile(_: bytes, page: "TiffPage") -> Image.Image:
    if page.photometric not in CHANNELS or page.imagedepth != 1:
        kind = getattr(page.photometric, "name", page.photometric)
        raise ValueError(f"{kind} of {page.bitspersample} bits is not supported")
    if page.nbytes > MOST_BYTES:
        raise ValueError(f"{page.nbytes:,} bytes of samples are over the limit")
    parts = _in_parts if _is_large(page) else _of_one_array(page)
    span = span_of(page, (values for _, values in parts(page)))
    picture: Image.Image | None = None
    for place, values in parts(page):
        part = to_image(page, values, span)
        picture = picture or Image.new(part.mode, (page.imagewidth, page.imagelength))
        picture.paste(part, place)
    if picture is None:
        raise ValueError("there are no samples")
    return picture


def _is_large(page: "TiffPage") -> bool:
    """Tell whether there are too many samples to unpack all at once, if they come one by one."""
    apart = page.planarconfig == SEPARATE and page.samplesperpixel > 1
    return page.nbytes > LARGE_BYTES and not page.is_contiguous and not apart


def _of_one_array(page: "TiffPage") -> Callable[["TiffPage"], Iterator[Part]]:
    """Unpack all samples, and return what yields strips of them."""
    values = page.asarray(squeeze=False, maxworkers=1)[:, 0].transpose(1, 2, 0, 3)
    height, width, planes, samples = values.shape
    step = max(1, STRIP // max(1, width))

    def parts(_: "TiffPage") -> Iterator[Part]:
        for top in range(0, height, step):
            rows = values[top : top + step]
            yield (0, top), rows.reshape(len(rows), width, planes * samples)

    return parts


def _in_parts(page: "TiffPage") -> Iterator[Part]:
    """Unpack strips or tiles, one after the other, as `TiffPage.asarray` puts them together."""
    for segment, (_, _, top, left, _), shape in page.segments(maxworkers=1, buffersize=READ):
        height = min(shape[1], page.imagelength - top)
        width = min(shape[2], page.imagewidth - left)
        if segment is None:  # it is not in the file
            yield (left, top), np.full((height, width, shape[3]), page.nodata, page.dtype)
        else:
            yield (left, top), segment[0, :height, :width]


FAMILY = Family(
    (Format("tiff", "image/tiff", rb"II[*+]\0|MM\0[*+]"),),
    (".tif", ".tiff"),
    _open,
    apart=True,
)
