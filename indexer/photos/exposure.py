"""How a photo was taken, as its EXIF tells: read when it is asked for, kept nowhere.

Tags: EXIF 2.32 (CIPA DC-008), section 4.6.5; what is damaged, impossible or unknown tells nothing.
"""

from dataclasses import dataclass
from math import isfinite

from PIL import Image
from PIL.ExifTags import IFD, Base

from indexer.photos.exif import camera_of, printable, tag_of, tags_of

MOST = 1e6
"""Of any of these numbers: damage writes larger ones."""

UNWRITTEN_ISO = 65_535
"""Stands for one that does not fit into 16 bits: another tag has it."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """What EXIF tells of camera settings and lens; None is not known.

    Attributes:
        seconds: exposure time.
        f_number: focal length by the diameter of the aperture.
        iso: sensitivity.
        focal_length: millimetres.
        focal_length_35mm: millimetres that give the same view on 35 mm film.
        lens: make and model.
    """

    seconds: float | None = None
    f_number: float | None = None
    iso: int | None = None
    focal_length: float | None = None
    focal_length_35mm: int | None = None
    lens: str | None = None


def read_exposure(exif: Image.Exif) -> Exposure:
    """Return what EXIF tells."""
    tags = tags_of(lambda: exif.get_ifd(IFD.Exif))

    def number(tag: Base) -> float | None:
        return _positive(tag_of(tags, tag))

    def whole(tag: Base) -> int | None:
        value = number(tag)
        return round(value) or None if value else None

    # Annex C: the speed is -log2 of the seconds, and the aperture 2 log2 of the f-number.
    speed = _number(tag_of(tags, Base.ShutterSpeedValue))
    aperture = _number(tag_of(tags, Base.ApertureValue))
    sensitivities = (Base.ISOSpeedRatings, Base.RecommendedExposureIndex, Base.ISOSpeed)
    isos = [iso for tag in sensitivities if (iso := whole(tag)) and iso != UNWRITTEN_ISO]
    lens = (printable(tag_of(tags, tag)) for tag in (Base.LensMake, Base.LensModel))
    return Exposure(
        seconds=number(Base.ExposureTime) or _power(None if speed is None else -speed),
        f_number=number(Base.FNumber) or _power(None if aperture is None else aperture / 2),
        iso=next(iter(isos), None),
        focal_length=number(Base.FocalLength),
        focal_length_35mm=whole(Base.FocalLengthIn35mmFilm),
        lens=camera_of(*lens),
    )


def _number(value: object) -> float | None:
    """Return a value as a number, the first of several; None where it is none."""
    first = value[0] if isinstance(value, tuple) and value else value
    try:
        number = float(first)  # type: ignore[arg-type]
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return number if isfinite(number) else None  # a fraction of denominator 0 is not


def _positive(value: object) -> float | None:
    number = _number(value)
    return number if number is not None and 0 < number <= MOST else None


def _power(exponent: float | None) -> float | None:
    """Return 2 to the power of a number from annex C; None for what no camera has."""
    return None if exponent is None or abs(exponent) > 20 else 2**exponent
