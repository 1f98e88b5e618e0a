"""From the colours that a file may hold to 8-bit sRGB, and the mean colour of a picture."""

import numpy as np
from PIL import Image

from indexer.photos import colour_spaces, profiles
from indexer.photos.colour_spaces import RgbSpace
from indexer.photos.strips import map_strips

Colours = bytes | RgbSpace | None
"""An ICC profile, or what the numbers of a picture mean; None for sRGB."""


def to_rgb(image: Image.Image, colours: Colours = None) -> Image.Image:
    """Return `image` in mode RGB, transparency on white, in its own colours where these are RGB.

    An image that is in that mode already is returned itself, as a copy could take gigabytes.
    """
    if image.mode == "CMYK" and isinstance(colours, bytes):
        converted = profiles.convert(image, colours)
        return converted if converted.mode == "RGB" else image.convert("RGB")
    if image.mode == "LAB":
        return profiles.from_lab(image)
    if image.mode.startswith("I;16"):
        return _from_16_bit(image)
    if image.mode in ("I", "F"):
        return _stretch(image)
    if image.has_transparency_data:
        white = Image.new("RGB", image.size, "white")
        seen = image if image.mode == "RGBA" else image.convert("RGBA")
        white.paste(seen, mask=seen)
        return white
    return image if image.mode == "RGB" else image.convert("RGB")


def needs_whole(image: Image.Image) -> bool:
    """Tell whether `to_rgb` takes a whole picture: for its range, or as there is nothing to do."""
    return image.mode in ("I", "F") or (image.mode == "RGB" and not image.has_transparency_data)


def is_grey(image: Image.Image) -> bool:
    """Tell whether an image has no colours but grey."""
    return image.mode in ("1", "L", "LA") or image.mode.startswith("I;16")


def to_srgb(picture: Image.Image, colours: Colours, grey: bool) -> Image.Image:
    """Return an RGB picture, as `to_rgb` returns it, in sRGB; profiles of `grey` ones differ."""
    if colours is None:
        return picture
    return map_strips(picture, lambda part: _in_srgb(part, colours, grey))


def _in_srgb(picture: Image.Image, colours: bytes | RgbSpace, grey: bool) -> Image.Image:
    if isinstance(colours, RgbSpace):
        return colour_spaces.to_srgb(picture, colours)
    if grey and profiles.mode_of(colours) == "L":
        return profiles.convert(picture.convert("L"), colours).convert("RGB")
    return profiles.convert(picture, colours)


def _from_16_bit(image: Image.Image) -> Image.Image:
    values = np.asarray(image)
    grey = ((values.astype(np.uint32) + 128) // 257).astype(np.uint8)  # 65,535 = 257 x 255
    if isinstance(see_through := image.info.get("transparency"), int):
        grey[values == see_through] = 255
    return Image.fromarray(grey).convert("RGB")


def _stretch(image: Image.Image) -> Image.Image:
    """Map 32-bit numbers, for which there is no agreed white, from darkest to lightest."""
    values = np.asarray(image, np.float32)
    with np.errstate(all="ignore"):
        finite = values[np.isfinite(values)]
        low, high = finite.min(), finite.max()
        share = np.nan_to_num((values - low) / (high - low))
    return Image.fromarray((share.clip(0, 1) * 255).astype(np.uint8)).convert("RGB")


def mean_colour(picture: Image.Image) -> str:
    """Return the mean colour of an RGB picture as "#rrggbb"."""
    mean = picture.resize((1, 1), Image.Resampling.BOX)
    return "#" + mean.tobytes().hex()
