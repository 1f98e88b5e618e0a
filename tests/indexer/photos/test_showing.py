"""A picture that someone waits for is the one that the network sees, decoded by several cores."""

import io
from collections.abc import Callable
from contextlib import suppress

import numpy as np
import pillow_heif
import pytest
from PIL import Image
from surroundings import ROOT, missing

from indexer.errors import Unreadable
from indexer.photos import decoding
from indexer.photos.colour import to_srgb
from indexer.photos.decoding import _UPRIGHT, RESERVE, decode, decode_to_show
from indexer.photos.formats import Picture, heif
from indexer.photos.formats.heif_items import coded_tiles
from indexer.photos.formats.heif_tiles import decode_smaller
from indexer.photos.thumbnails import Size, of_file, to_jpeg

Encode = Callable[..., bytes]
ENOUGH = 104
"""Pixels of the shorter side that are decoded of a photo of 3:2, to be shown at 120: 1.3 x 80."""


def tiled(image: Image.Image, tile: int = 64, **options: object) -> bytes:
    file = io.BytesIO()
    pillow_heif.from_pillow(image).save(file, quality=90, tile_size=tile, **options)
    return file.getvalue()


def phone(name: str) -> bytes:
    """A photo of a phone, to be used in place."""
    path = ROOT.parent / "shared" / "camera" / name
    if not path.is_file():
        missing(f"../shared/camera/{name}")
    return path.read_bytes()


def pixels(image: Image.Image) -> np.ndarray:
    return np.asarray(image, np.float32)


@pytest.fixture(scope="session")
def photo(china: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(china)).resize((480, 320))
    image.info.clear()
    return image


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Threads of each HEIC that is decoded tile by tile."""
    used: list[int] = []

    def noted(*arguments: int) -> Image.Image:
        used.append(arguments[-1])
        return decode_smaller(*arguments)

    monkeypatch.setattr(heif, "decode_smaller", noted)
    monkeypatch.setattr("os.cpu_count", lambda: 3)
    return used


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "HEIF", "TIFF", "JXL", "JPEG2000"])
def test_the_same_picture_as_for_the_network(
    photo: Image.Image, encode: Encode, format: str
) -> None:
    data = encode(photo, format)
    expected = decode(data, ENOUGH // RESERVE).image
    expected.thumbnail((120, 120), Image.Resampling.BICUBIC)
    assert decode_to_show(data, 120).tobytes() == expected.tobytes()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_upright(photo: Image.Image, encode: Encode, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encode(photo, "JPEG", quality=95, exif=exif.tobytes())
    expected = decode(data, 640).image
    expected.thumbnail((120, 120), Image.Resampling.BICUBIC)
    shown = decode_to_show(data, 120)
    assert shown.size == expected.size
    assert np.abs(pixels(shown) - pixels(expected)).mean() < 4


def test_a_small_picture_keeps_its_size(encode: Encode, photo: Image.Image) -> None:
    assert decode_to_show(encode(photo, "PNG"), 1280).tobytes() == photo.tobytes()


def test_colours_are_converted_after_scaling(
    photo: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It makes hardly a difference to the picture, and there are fewer pixels then."""
    data = tiled(photo, color_primaries=12, transfer_characteristics=13, matrix_coefficients=6)
    converted: list[int] = []

    def noted(picture: Image.Image, *others: object) -> Image.Image:
        converted.append(picture.width)
        return to_srgb(picture, *others)

    monkeypatch.setattr(decoding, "to_srgb", noted)
    shown = decode_to_show(data, 120)
    before = decode(data, ENOUGH // RESERVE).image
    before.thumbnail((120, 120), Image.Resampling.BICUBIC)
    assert converted == [120, 160]
    assert 0 < np.abs(pixels(shown) - pixels(before)).mean() < 0.5


@pytest.mark.parametrize(("size", "enough"), [
    ((480, 320), 87), ((480, 270), 74), ((480, 96), 26), ((320, 480), 87), ((320, 320), 100),
])  # fmt: skip
def test_no_more_is_decoded_than_it_takes(
    photo: Image.Image,
    monkeypatch: pytest.MonkeyPatch,
    encode: Encode,
    size: tuple[int, int],
    enough: int,
) -> None:
    """Enough of the longer side to be sharp, and never more than the shorter side may show."""
    asked: list[int] = []

    def noted(source: Picture, shorter: int) -> Image.Image:
        asked.append(shorter)
        return source.image

    monkeypatch.setattr(decoding, "_shrunk_rgb", noted)
    assert max(decode_to_show(encode(photo.resize(size), "JPEG"), 100).size) == 100
    assert asked == [enough]


@pytest.mark.parametrize("size", [(480, 320), (480, 270), (270, 480), (481, 323)])
def test_the_tiles_of_a_heic_are_decoded_side_by_side(
    photo: Image.Image, threads: list[int], size: tuple[int, int]
) -> None:
    data = tiled(photo.resize(size))
    shown = of_file(io.BytesIO(data), Size.TINY)
    assert threads == [3]
    assert max(Image.open(io.BytesIO(shown)).size) == Size.TINY


def test_not_where_many_are_made_at_once(photo: Image.Image, threads: list[int]) -> None:
    data = tiled(photo.resize((1200, 800)), 256)
    grid = of_file(io.BytesIO(data), Size.GRID)
    assert threads == [1]
    assert grid == to_jpeg(decode(data, Size.GRID // 2).image, Size.GRID)


@pytest.mark.parametrize("tile", [0, 64, 96])
def test_any_number_of_threads_gives_the_same_picture(photo: Image.Image, tile: int) -> None:
    data = tiled(photo, tile, save_nclx_profile=False)
    alone = decode_smaller(data, 3, photo.size)
    for threads in (2, 5, 50):
        assert decode_smaller(data, 3, photo.size, threads).tobytes() == alone.tobytes()


@pytest.mark.parametrize("name", ["iphone.heic", "galaxy.heic"])
def test_photos_of_phones(name: str, threads: list[int]) -> None:
    data = phone(name)
    shown = decode_to_show(data, 1280)
    before = decode(data, 640).image
    before.thumbnail((1280, 1280), Image.Resampling.BICUBIC)
    assert threads == [3, 1]
    assert shown.size == before.size
    assert np.abs(pixels(shown) - pixels(before)).mean() < 0.3


@pytest.mark.parametrize("number", [0, 1, 11])
def test_a_damaged_tile_is_left_to_libde265(
    photo: Image.Image, threads: list[int], number: int
) -> None:
    data = tiled(photo, 128)
    ((_, begin, end),) = coded_tiles(data).tiles[number]
    half = (end - begin) // 2
    damaged = data[: end - half] + b"\xff" * half + data[end:]
    with pytest.raises((ValueError, OSError)):
        decode_smaller(damaged, 2, photo.size, 2)
    with suppress(Unreadable):
        assert decode_to_show(damaged, 120).size == (120, 80)
    assert threads == [3]


@pytest.mark.parametrize("orientation", range(2, 9))
def test_what_is_turned_late_is_the_same(photo: Image.Image, orientation: int) -> None:
    image = photo.resize((120, 96))
    exif = Image.Exif()
    exif[0x0112] = orientation
    upright, turned = tiled(image.copy()), tiled(image.copy(), exif=exif.tobytes())
    size = image.size if orientation < 5 else image.size[::-1]
    for factor in (2, 3, 4):
        expected = decode_smaller(upright, factor, image.size).transpose(_UPRIGHT[orientation])
        assert decode_smaller(turned, factor, size).tobytes() == expected.tobytes()
