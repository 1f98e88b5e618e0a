"""Of an animation a frame counts that shows something."""

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from indexer.photos.decoding import decode

Encode = Callable[..., bytes]
FORMATS = ["GIF", "WEBP", "PNG"]


@pytest.fixture(scope="module")
def photo(china: bytes) -> Image.Image:
    return Image.open(io.BytesIO(china)).convert("RGB").resize((160, 100))


def likeness(decoded: Image.Image, photo: Image.Image) -> float:
    one, other = (np.asarray(image, np.float64).ravel() for image in (decoded, photo))
    return float(np.corrcoef(one, other)[0, 1])


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("colour", ["white", "black", "green"])
def test_a_blank_first_frame_is_passed_over(
    encode: Encode, photo: Image.Image, format: str, colour: str
) -> None:
    blank = Image.new("RGB", photo.size, colour)
    frames = [blank, photo, photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT)]
    data = encode(frames[0], format, save_all=True, append_images=frames[1:], duration=40)
    decoded = decode(data, 224)
    assert (decoded.width, decoded.height) == photo.size
    assert likeness(decoded.image, photo) > 0.9


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("colour", ["white", "black"])
def test_one_that_fades_in_is_seen_when_it_is_clear(
    encode: Encode, photo: Image.Image, format: str, colour: str
) -> None:
    blank = Image.new("RGB", photo.size, colour)
    frames = [Image.blend(blank, photo, share / 10) for share in range(11)]
    data = encode(frames[0], format, save_all=True, append_images=frames[1:], duration=40)
    picture = np.asarray(decode(data, 224).image, np.float64)
    assert picture.std() > 0.9 * np.asarray(photo, np.float64).std()


@pytest.mark.parametrize("format", FORMATS)
def test_the_first_frame_counts_if_it_shows_something(
    encode: Encode, photo: Image.Image, format: str
) -> None:
    others = [photo.transpose(Image.Transpose.FLIP_TOP_BOTTOM) for _ in range(3)]
    data = encode(photo, format, save_all=True, append_images=others, duration=40)
    assert likeness(decode(data, 224).image, photo) > 0.9


@pytest.mark.parametrize("format", FORMATS)
def test_an_animation_of_blank_frames_is_blank(encode: Encode, format: str) -> None:
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("white", "#fefefe", "white")]
    data = encode(frames[0], format, save_all=True, append_images=frames[1:], duration=40)
    assert decode(data, 224).image.getextrema()[0][0] >= 253


@pytest.mark.parametrize("format", FORMATS)
def test_an_animation_cut_short_is_read_as_far_as_it_goes(
    encode: Encode, photo: Image.Image, format: str
) -> None:
    frames = [photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT), *[photo] * 3]
    data = encode(frames[0], format, save_all=True, append_images=frames[1:], duration=40)
    if format != "WEBP":  # whose decoder refuses what is not whole
        assert likeness(decode(data[: len(data) - 20], 224).image, frames[0]) > 0.9


def test_what_a_small_first_frame_of_a_gif_leaves_free_is_see_through(encode: Encode) -> None:
    red = Image.new("P", (10, 8), 0)
    red.putpalette([255, 0, 0, 0, 0, 255])
    data = bytearray(encode(red, "GIF"))
    data[6:10] = (30).to_bytes(2, "little") + (20).to_bytes(2, "little")  # the canvas
    frame = data.index(b"\x2c")
    data[frame + 1 : frame + 5] = (5).to_bytes(2, "little") + (6).to_bytes(2, "little")
    picture = np.asarray(decode(bytes(data), 224).image)
    assert picture.shape == (20, 30, 3)
    assert (picture[6:14, 5:15] == (255, 0, 0)).all()
    picture = picture.copy()
    picture[6:14, 5:15] = 255
    assert (picture == 255).all()
