"""Pictures become squares exactly as the published code makes them."""

import numpy as np
import pytest
from PIL import Image
from PIL.Image import Resampling

from indexer.network.joint.squares import Squares
from indexer.network.models import Pixels

SHAPES = [(64, 64), (90, 61), (61, 90), (333, 127), (127, 333), (500, 20), (33, 32), (31, 640)]


def noise(width: int, height: int) -> Image.Image:
    random = np.random.default_rng(width)
    return Image.fromarray(random.integers(0, 256, (height, width, 3), dtype=np.uint8))


def truncated(image: Image.Image, side: int, how: Resampling) -> Pixels:
    """As clip.md says: short side to S, long side int(ratio x S), left = int(w / 2 - S / 2)."""
    width, height = image.size
    if width < height:
        image = image.resize((side, int((height / width) * side)), how)
    else:
        image = image.resize((int((width / height) * side), side), how)
    left, top = int(image.width / 2 - side / 2), int(image.height / 2 - side / 2)
    return np.asarray(image.crop((left, top, left + side, top + side)))


def rounded(image: Image.Image, side: int) -> Pixels:
    """As rclip 3.3 and torchvision do it."""
    width, height = image.size
    size = (
        (side, int(height * side / width)) if width < height else (int(width * side / height), side)
    )
    image = image.resize(size, Resampling.BICUBIC)
    left, top = round((size[0] - side) / 2), round((size[1] - side) / 2)
    return np.asarray(image.crop((left, top, left + side, top + side)))


@pytest.mark.parametrize("size", SHAPES)
@pytest.mark.parametrize("bilinear", [False, True])
def test_the_middle_is_that_of_the_published_code(size: tuple[int, int], bilinear: bool) -> None:
    image = noise(*size)
    how = Resampling.BILINEAR if bilinear else Resampling.BICUBIC
    seen = Squares(32, bilinear=bilinear).square(image)
    assert (seen == truncated(image, 32, how)).all()


@pytest.mark.parametrize("size", SHAPES)
def test_rclip_begins_the_middle_at_a_rounded_pixel(size: tuple[int, int]) -> None:
    image = noise(*size)
    assert (Squares(32, rounds=True).square(image) == rounded(image, 32)).all()


@pytest.mark.parametrize("size", SHAPES)
def test_squash_shows_the_whole_picture(size: tuple[int, int]) -> None:
    image = noise(*size)
    seen = Squares(32, squashes=True).square(image)
    assert (seen == np.asarray(image.resize((32, 32), Resampling.BICUBIC))).all()


def test_a_picture_of_a_thousand_to_one_needs_no_gigabytes() -> None:
    assert Squares(32).square(noise(30_000, 2)).shape == (32, 32, 3)
