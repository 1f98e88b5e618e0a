"""What a camera wrote beside the pixels. Damaged EXIF tells nothing, but costs no photo.

Tags: EXIF 2.32 (CIPA DC-008), sections 4.6.4 and 4.6.5.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from PIL import Image
from PIL.ExifTags import IFD, Base

LONGEST_NAME = 100
"""Characters of a camera's name; Elasticsearch refuses keywords over 32,766 bytes."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What EXIF tells about a photo.

    Attributes:
        orientation: 1 to 8; 1 is upright.
        captured: ISO 8601 without a zone, as cameras write none; or None.
        camera: make and model; or None.
    """

    orientation: int = 1
    captured: str | None = None
    camera: str | None = None


def read(image: Image.Image) -> Facts:
    """Return what the EXIF of `image` tells; call it after `image.load()`.

    Pillow and pillow-heif turn TIFF and HEIC upright while loading, and then tell orientation 1.
    """
    main = _tags(image.getexif)
    detail = _tags(lambda: image.getexif().get_ifd(IFD.Exif))
    orientation = _tag(main, Base.Orientation)
    return Facts(
        orientation if isinstance(orientation, int) and 1 <= orientation <= 8 else 1,
        _moment(_tag(detail, Base.DateTimeOriginal)) or _moment(_tag(main, Base.DateTime)),
        _camera(_text(_tag(main, Base.Make)), _text(_tag(main, Base.Model))),
    )


def _tags(load: Callable[[], Mapping[int, object]]) -> Mapping[int, object]:
    try:
        return load()
    except Exception:  # Pillow raises whatever its parser runs into
        return {}


def _tag(tags: Mapping[int, object], tag: int) -> object:
    try:
        return tags.get(tag)
    except Exception:  # values are parsed only when they are asked for
        return None


def _text(value: object) -> str:
    """Return printable text without the NULs and blanks that cameras pad it with."""
    if not isinstance(value, str):
        return ""
    printable = "".join(letter if letter.isprintable() else " " for letter in value)
    return " ".join(printable.split())[:LONGEST_NAME]


def _moment(value: object) -> str | None:
    try:
        return datetime.strptime(_text(value), "%Y:%m:%d %H:%M:%S").isoformat()
    except ValueError:  # unset clocks write zeros or blanks
        return None


def _camera(make: str, model: str) -> str | None:
    """Join make and model unless the model names the make: "NIKON CORPORATION", "NIKON D90"."""
    if make and model and not model.lower().startswith(make.split()[0].lower()):
        return f"{make} {model}"
    return model or make or None
