"""What a family of picture formats has to say about itself."""

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import BinaryIO

from PIL import Image

from indexer.errors import Unreadable
from indexer.photos.colour_spaces import RgbSpace
from indexer.photos.exif import Facts

ENOUGH = 0.5
"""Share of a picture that has to be there."""

FRAMES_BYTES = 17.0
"""For each pixel, where Pillow keeps several frames of an animation, or what comes before one."""

PILLOW_BYTES = 5.0
"""For each pixel, where Pillow keeps 4 of a picture that is not grey, and copies single strips."""

LEAST_PREVIEW = 320
"""Pixels of the longer side. Names find photos with an mAP of .92, by previews of 320 to 512 pixels
with .89 to .91, and by the 160 of EXIF with .81 (everyday photos of benchmarks/QUALITY.md)."""

MOST_PREVIEW = 8_000_000
"""Pixels of a preview that is decoded without waiting for room."""

FEWER_PIXELS = 6
"""So many times fewer pixels than the picture make a preview three times less work."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as its decoder gives it.

    Attributes:
        image: any mode, not yet turned upright; it may be scaled down.
        facts: what its EXIF tells.
        colours: an ICC profile, or what the numbers mean; None for sRGB.
        damaged: a part of it is missing.
        duration: seconds, of a film that it is a frame of; None for a photo.
    """

    image: Image.Image
    facts: Facts = field(default_factory=Facts)
    colours: bytes | RgbSpace | None = None
    damaged: bool = False
    duration: float | None = None


def require_enough(share: float) -> None:
    """Refuse a picture of which less than half is there.

    Raises:
        Unreadable: it is.
    """
    if share < ENOUGH:
        raise Unreadable(f"cut short: only {share:.0%} of the picture is there")


def _none(_: int) -> None:
    return None


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A file whose header was read, and nothing else.

    Attributes:
        size: width and height in pixels, as stored.
        decode: takes the pixels that the shorter side needs, and returns the picture. Raises an
            exception of any kind if the file is damaged.
        plainly: does as `decode` for a picture that is whole and ordinary, as safely as cameras'
            files are read every day; None, or an exception of any kind, for one that is not.
        exif: returns its EXIF, empty where it has none. Raises as `decode`.
        alone: does as `decode`, on several cores, for who decodes nothing else at the same time;
            None if it has none.
        orientation: 1 to 8, as EXIF has it, where the header tells it.
        pixel_bytes: memory that decoding takes at most, for each pixel as stored.
        preview: takes what `decode` takes, and returns a small picture of the same that the file
            carries, if it `is_worth` to look at that first. Raises as `decode`.
    """

    size: tuple[int, int]
    decode: Callable[[int], Picture]
    orientation: int = 1
    pixel_bytes: float = PILLOW_BYTES
    preview: Callable[[int], Picture | None] = _none
    plainly: Callable[[int], Picture | None] = _none
    alone: Callable[[int], Picture] | None = None
    exif: Callable[[], Image.Exif] = Image.Exif

    @property
    def memory(self) -> float:
        """Return the bytes that decoding takes at most."""
        return self.pixel_bytes * self.size[0] * self.size[1]


def is_worth(preview: tuple[int, int], size: tuple[int, int]) -> bool:
    """Tell whether a preview of a size shows a picture of another well, and with far less work.

    It has the same shape, but for the rounding of its sides: some have black bars instead.
    """
    pixels, of_preview = size[0] * size[1], preview[0] * preview[1]
    if (
        of_preview > MOST_PREVIEW
        or max(preview) < LEAST_PREVIEW
        or pixels < FEWER_PIXELS * of_preview
    ):
        return False
    height = preview[0] * size[1] / size[0]
    return abs(preview[1] - height) <= 1 + height / preview[0]


def _yes(_: BinaryIO) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Format:
    """A format of pictures.

    Attributes:
        name: as documents have it.
        media_type: as HTTP names it.
        signature: regular expression that matches the first bytes of such a file.
        check: reads on where those do not suffice, and tells whether the file is of this format.
    """

    name: str
    media_type: str
    signature: bytes
    check: Callable[[BinaryIO], bool] = _yes


@dataclass(frozen=True, slots=True)
class Family:
    """Formats that one decoder reads.

    Attributes:
        formats: that it reads.
        endings: of such files' names, lower case.
        open: takes a file and the name of its format, and reads the header. Raises an exception of
            any kind if the file is damaged.
        in_browsers: browsers show such files.
        turned_in_browsers: they also turn them upright.
        has_previews: files may carry a `PictureFile.preview`.
        apart: files are intricate, or their decoder has seen few: a worker opens them.
        any_size: files are read piece by piece, so that they may be larger than memory.
        what: such a file is, in words, for people who do not have the extra.
        extra: name of the extra of Magpie that installs the decoder; "" = it is always there.
        package: what the extra installs, as it is imported.
    """

    formats: tuple[Format, ...]
    endings: tuple[str, ...]
    open: Callable[[BinaryIO, str], PictureFile]
    in_browsers: bool = False
    turned_in_browsers: bool = False
    has_previews: bool = False
    apart: bool = False
    any_size: bool = False
    what: str = ""
    extra: str = ""
    package: str = ""

    @property
    def installed(self) -> bool:
        """Tell whether the decoder is there."""
        return not self.package or find_spec(self.package) is not None
