"""From the colours that a file may hold to 8-bit RGB, and the mean colour of a picture."""

import numpy as np
from PIL import Image


def to_rgb(image: Image.Image) -> Image.Image:
    """Return `image` in mode RGB, transparency on white; colour profiles are ignored.

    An image that is in that mode already is returned itself, as a copy could take gigabytes.
    """
    if image.mode.startswith("I;16"):
        grey = (np.asarray(image).astype(np.uint32) + 128) // 257  # 65,535 = 257 x 255
        return Image.fromarray(grey.astype(np.uint8)).convert("RGB")
    if image.mode in ("I", "F"):
        return _stretch(image)
    if image.has_transparency_data:
        white = Image.new("RGB", image.size, "white")
        seen = image if image.mode == "RGBA" else image.convert("RGBA")
        white.paste(seen, mask=seen)
        return white
    return image if image.mode == "RGB" else image.convert("RGB")


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
