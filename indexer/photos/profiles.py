"""Colour profiles (ICC.1:2022), converted by LittleCMS."""

from functools import lru_cache
from io import BytesIO

import numpy as np
from PIL import Image, ImageCms

MODES = {"RGB ": "RGB", "GRAY": "L", "CMYK": "CMYK", "Lab ": "LAB"}
"""Pillow's modes by the colour spaces of profiles."""

UNSEEN = 2
"""Levels: profiles that change no colour by more are those of sRGB itself."""


@lru_cache(maxsize=1)
def srgb_profile() -> bytes:
    """Return a profile that says that a picture is sRGB."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def mode_of(profile: bytes) -> str:
    """Return the mode of the pictures that a profile is for; "" if it is damaged."""
    try:
        opened = ImageCms.getOpenProfile(BytesIO(profile))
    except (OSError, ImageCms.PyCMSError):
        return ""
    return MODES.get(str(opened.profile.xcolor_space), "")


def convert(picture: Image.Image, profile: bytes) -> Image.Image:
    """Convert a picture to sRGB; one that the profile is not for stays as it is."""
    transform = _transform(profile, picture.mode)
    if transform is None:
        return picture
    converted = ImageCms.applyTransform(picture, transform)
    assert converted is not None
    return converted


def from_lab(picture: Image.Image) -> Image.Image:
    """Convert a picture of mode LAB to sRGB."""
    return convert(picture, ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes())


@lru_cache(maxsize=32)
def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """What converts pictures of that mode; None where there is nothing to convert or no way."""
    if mode_of(profile) != mode:
        return None
    try:
        source = ImageCms.getOpenProfile(BytesIO(profile))
        # For grey, its faster way is wrong by up to 10 levels near black.
        flags = ImageCms.Flags.NOOPTIMIZE if mode == "L" else ImageCms.Flags.NONE
        srgb = ImageCms.createProfile("sRGB")
        transform = ImageCms.buildTransform(source, srgb, mode, "RGB", flags=flags)
    except (OSError, ImageCms.PyCMSError):
        return None
    return None if mode == "RGB" and _changes_nothing(transform) else transform


def _changes_nothing(transform: ImageCms.ImageCmsTransform) -> bool:
    steps = np.arange(0, 256, 15).astype(np.uint8)
    colours = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(len(steps), -1, 3)
    converted = ImageCms.applyTransform(Image.fromarray(colours), transform)
    assert converted is not None
    return bool(np.abs(np.asarray(converted, np.int16) - colours).max() <= UNSEEN)
