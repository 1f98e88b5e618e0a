"""What the families that Pillow reads have in common."""

from dataclasses import replace
from functools import partial

from PIL import Image, ImageStat
from PIL.ImageFile import ImageFile

from indexer.photos import exif
from indexer.photos.colour import to_rgb
from indexer.photos.colour_spaces import RgbSpace
from indexer.photos.formats.family import Picture, PictureFile

FAINT = 12.0
"""Standard deviation of brightness, of 255, below which an animation's first frame hides more."""

CLEARER = 1.05
"""A later frame has to have this many times the contrast of an earlier one."""

MOST_FRAMES = 64
MOST_PIXELS = 200_000_000
"""Of an animation that are looked at for a frame that shows something."""


def pillow_file(image: ImageFile, colours: RgbSpace | None = None) -> PictureFile:
    """Return an image of Pillow as a file that is decoded as it is.

    Args:
        image: of which only the header was read.
        colours: what its numbers mean, where it has no profile.
    """
    facts = exif.read(exif.exif_of(image))

    def decode(_: int) -> Picture:
        return picture(image, colours)

    notes = partial(exif.exif_of, image)
    return PictureFile(image.size, decode, facts.orientation, plainly=decode, exif=notes)


def picture(image: ImageFile, colours: RgbSpace | None = None) -> Picture:
    """Decode an image of Pillow as `decoded` does, and return it with what its file tells."""
    image.load()  # some tell more then
    return replace(described(image, colours), image=decoded(image))


def decoded(image: ImageFile) -> Image.Image:
    """Decode an image of Pillow: the first frame, or of an animation one that shows something."""
    image.load()
    return _clearest(image)


def described(image: ImageFile, colours: RgbSpace | None = None) -> Picture:
    """Return an image of Pillow with what its header tells; nothing is decoded."""
    facts = exif.read(exif.exif_of(image))
    profile = image.info.get("icc_profile")
    return Picture(image, facts, profile or colours)


def contrast(image: Image.Image) -> float:
    """Return the standard deviation of brightness of what a picture shows on white."""
    small = to_rgb(image.resize((64, 64), Image.Resampling.NEAREST))
    return float(ImageStat.Stat(small.convert("L")).stddev[0])


def _clearest(image: ImageFile) -> Image.Image:
    """The first frame, unless it is blank or faint and others are twice as clear."""
    # Contrast first: to see whether a GIF has more frames, Pillow decodes the next one.
    if contrast(image) >= FAINT or not getattr(image, "is_animated", False):
        return image
    best, most = image.copy(), 2 * contrast(image)
    frames = min(MOST_FRAMES, MOST_PIXELS // (image.width * image.height))
    for number in range(1, frames):
        try:
            image.seek(number)
            image.load()
        except (EOFError, OSError, SyntaxError, ValueError):  # what came before it counts
            break
        if image.size == best.size and contrast(image) > most:
            best, most = image.copy(), CLEARER * contrast(image)
    return best
