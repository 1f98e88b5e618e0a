"""What a camera wrote beside the pixels. Damaged EXIF tells nothing, but costs no photo.

Tags: EXIF 2.32 (CIPA DC-008), sections 4.6.4 to 4.6.6.
"""

import struct
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

_SHORT = 3

LONGEST_NAME = 100
"""Characters of a camera's name; Elasticsearch refuses keywords over 32,766 bytes."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What EXIF tells about a photo.

    Attributes:
        orientation: 1 to 8; 1 is upright.
        captured: ISO 8601 without a zone, as cameras write none; or None.
        camera: make and model; or None.
        location: latitude and longitude in degrees, 6 decimals; or None.
    """

    orientation: int = 1
    captured: str | None = None
    camera: str | None = None
    location: tuple[float, float] | None = None


def read(exif: Image.Exif) -> Facts:
    """Return what EXIF tells."""
    main = tags_of(lambda: exif)
    detail = tags_of(lambda: exif.get_ifd(IFD.Exif))
    orientation = tag_of(main, Base.Orientation)
    return Facts(
        orientation if isinstance(orientation, int) and 1 <= orientation <= 8 else 1,
        _moment(tag_of(detail, Base.DateTimeOriginal)) or _moment(tag_of(main, Base.DateTime)),
        camera_of(printable(tag_of(main, Base.Make)), printable(tag_of(main, Base.Model))),
        _location(tags_of(lambda: exif.get_ifd(IFD.GPSInfo))),
    )


def parse(data: bytes) -> Image.Exif:
    """Return EXIF that begins with the header of a TIFF or with "Exif"; empty if it is damaged."""
    exif = Image.Exif()
    with suppress(Exception):  # Pillow raises whatever its parser runs into
        exif.load(data)
        if Base.Orientation in exif and not _is_short(data, Base.Orientation):
            exif[Base.Orientation] = 1
    return exif


def _is_short(data: bytes, tag: int) -> bool:
    """Tell whether a tag is one number of 16 bits: browsers heed no other orientation."""
    while data.startswith(b"Exif\0\0"):
        data = data[6:]
    order = "<" if data.startswith(b"II") else ">"
    (start,) = struct.unpack_from(order + "I", data, 4)
    (count,) = struct.unpack_from(order + "H", data, start)
    for place in range(start + 2, start + 2 + 12 * count, 12):
        found, type_, values = struct.unpack_from(order + "HHI", data, place)
        if found == tag:
            return (type_, values) == (_SHORT, 1)
    return False


def exif_of(image: Image.Image) -> Image.Exif:
    """Return the EXIF of an image that Pillow opened.

    `Image.getexif` would take an orientation out of XMP, too, which browsers do not heed.
    """
    data = image.info.get("exif")
    if data is None and (profile := image.info.get("Raw profile type exif")):
        with suppress(ValueError):  # ImageMagick's way of writing EXIF into a PNG
            data = bytes.fromhex("".join(profile.split("\n")[3:]))
    return parse(data) if data else Image.Exif()


def tags_of(load: Callable[[], Mapping[int, object]]) -> Mapping[int, object]:
    """Return the tags that `load` reads; none where they are damaged."""
    try:
        return load()
    except Exception:  # Pillow raises whatever its parser runs into
        return {}


def tag_of(tags: Mapping[int, object], tag: int) -> object:
    """Return the value of a tag; None where there is none or it is damaged."""
    try:
        return tags.get(tag)
    except Exception:  # values are parsed only when they are asked for
        return None


def printable(value: object) -> str:
    """Return printable text without the NULs and blanks that cameras pad it with."""
    if not isinstance(value, str):
        return ""
    printable = "".join(letter if letter.isprintable() else " " for letter in value)
    return " ".join(printable.split())[:LONGEST_NAME]


def _moment(value: object) -> str | None:
    try:
        return datetime.strptime(printable(value), "%Y:%m:%d %H:%M:%S").isoformat()
    except ValueError:  # unset clocks write zeros or blanks
        return None


def _location(tags: Mapping[int, object]) -> tuple[float, float] | None:
    """Return the position that GPS tags tell.

    Section 4.6.6: degrees, minutes and seconds, each a fraction; the hemisphere is another tag.
    """
    signs = {"N": 1, "S": -1}, {"E": 1, "W": -1}
    sides = tag_of(tags, GPS.GPSLatitudeRef), tag_of(tags, GPS.GPSLongitudeRef)
    latitude = _degrees(tag_of(tags, GPS.GPSLatitude), sides[0], signs[0])
    longitude = _degrees(tag_of(tags, GPS.GPSLongitude), sides[1], signs[1])
    return position(latitude, longitude)


def position(latitude: float | None, longitude: float | None) -> tuple[float, float] | None:
    """Return a position in degrees, unless it is impossible or that of receivers that have none.

    Those write 0, 0.
    """
    if latitude is None or longitude is None or latitude == longitude == 0:
        return None
    # Comparing NaN, which is what a fraction of denominator 0 is, is never true.
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        return None
    return round(latitude, 6) or 0.0, round(longitude, 6) or 0.0  # there is no -0


def degrees(whole: float, minutes: float = 0, seconds: float = 0) -> float | None:
    """Return an angle of degrees, minutes and seconds over 0; None where it is none."""
    if not (whole >= 0 and 0 <= minutes < 60.5 and 0 <= seconds < 60.5):
        return None
    return whole + minutes / 60 + seconds / 3600


def _degrees(value: object, side: object, signs: Mapping[str, int]) -> float | None:
    """Return an angle with its sign; None where it is none, or its side is not known."""
    sign = signs.get(printable(side).upper())
    if sign is None or not isinstance(value, tuple) or len(value) != 3:
        return None
    try:
        angle = degrees(*(float(one) for one in value))
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return None if angle is None else sign * angle


def camera_of(make: str, model: str) -> str | None:
    """Join make and model unless the model names the make: "NIKON CORPORATION", "NIKON D90"."""
    if make and model and not model.lower().startswith(make.split()[0].lower()):
        return f"{make} {model}"
    return model or make or None
