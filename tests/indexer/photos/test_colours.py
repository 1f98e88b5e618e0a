"""Pictures of any colours are those of a colour-managed viewer, and the network sees them so."""

import io
import struct
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageCms
from wide_colours import adobe_rgb, cmyk, display_p3, profile, prophoto, with_header, xyz

from indexer.photos import colour_spaces
from indexer.photos.decoding import decode

Encode = Callable[..., bytes]
SPACES = {"Display P3": display_p3, "Adobe RGB": adobe_rgb, "ProPhoto": prophoto}
WITH_PROFILE = ["PNG", "TIFF", "JPEG", "WEBP", "HEIF"]


def srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.createProfile("sRGB")


def in_space(photo: Image.Image, space: bytes) -> Image.Image:
    """An sRGB picture in other colours, by LittleCMS; what is written does not say which."""
    space = ImageCms.getOpenProfile(io.BytesIO(space))
    return Image.fromarray(np.asarray(ImageCms.profileToProfile(photo, srgb(), space)))


@pytest.fixture(scope="module")
def photo(real_photos: dict[str, bytes]) -> Image.Image:
    return Image.open(io.BytesIO(real_photos["coffee.png"])).convert("RGB")


def lossless(format: str) -> dict[str, object]:
    return {"JPEG": {"quality": 97, "subsampling": 0}, "WEBP": {"lossless": True}}.get(format, {})


@pytest.mark.parametrize("name", SPACES)
@pytest.mark.parametrize("format", WITH_PROFILE)
def test_profiles_are_converted_to_srgb(
    encode: Encode, photo: Image.Image, format: str, name: str
) -> None:
    space = SPACES[name]()
    data = encode(in_space(photo, space), format, icc_profile=space, **lossless(format))
    difference = np.abs(np.asarray(decode(data, 1000).image, np.int16) - np.asarray(photo))
    # 8 bits of ProPhoto are few; JPEG and HEIC add their own noise.
    assert difference.mean() < 3
    if format in ("PNG", "TIFF", "WEBP") and name != "ProPhoto":
        assert difference.max() <= 3


@pytest.mark.parametrize("name", SPACES)
def test_the_network_sees_what_it_would_see_in_srgb(
    encode: Encode, photo: Image.Image, name: str, networks: object
) -> None:
    from indexer.network.describer import open_describer
    from indexer.network.options import NetworkOptions

    describer = open_describer(NetworkOptions(model="efficientnet_lite0"), None)
    space = SPACES[name]()
    wide = encode(in_space(photo, space), "PNG", icc_profile=space)
    cosine = describer.vector_of(wide) @ describer.vector_of(encode(photo, "PNG"))
    assert cosine > 0.99


@pytest.mark.parametrize("mode", ["P", "RGBA", "LA", "L", "1"])
def test_profiles_of_other_modes(encode: Encode, photo: Image.Image, mode: str) -> None:
    source = photo.convert(mode)
    expected = in_srgb(source.convert("RGB"), display_p3())
    picture = decode(encode(source, "PNG", icc_profile=display_p3()), 1000).image
    assert np.abs(np.asarray(picture, np.int16) - np.asarray(expected)).max() <= 3


def in_srgb(picture: Image.Image, space: bytes) -> Image.Image:
    space = ImageCms.getOpenProfile(io.BytesIO(space))
    return ImageCms.profileToProfile(picture, space, srgb(), outputMode="RGB")


def grey_profile(gamma: float) -> bytes:
    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256)) + bytes(2)
    tags = {b"desc": b"desc" + bytes(4) + struct.pack(">I", 5) + b"grey\0" + bytes(78)}
    return with_header(b"mntrGRAYXYZ ", tags | {b"wtpt": xyz((0.9642, 1, 0.8249)), b"kTRC": curve})


@pytest.mark.parametrize("format", ["PNG", "TIFF", "JPEG"])
@pytest.mark.parametrize("gamma", [1.0, 1.8])
def test_profiles_of_grey(encode: Encode, format: str, gamma: float) -> None:
    ramp = Image.fromarray(np.tile(np.arange(256, dtype=np.uint8), (16, 1)))
    data = encode(ramp, format, icc_profile=grey_profile(gamma), **lossless(format))
    light = (np.arange(256) / 255) ** gamma
    shown = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055) * 255
    picture = np.asarray(decode(data, 1000).image, np.int16)
    assert np.abs(picture[8, :, 1] - shown).max() <= (8 if format == "JPEG" else 3)


@pytest.mark.parametrize("format", ["JPEG", "TIFF"])
def test_cmyk_without_a_profile_is_converted_as_pillow_does(
    encode: Encode, photo: Image.Image, format: str
) -> None:
    data = encode(photo.convert("CMYK"), format)
    assert np.abs(np.asarray(decode(data, 1000).image, np.int16) - np.asarray(photo)).mean() < 3


@pytest.mark.parametrize("format", ["JPEG", "TIFF"])
def test_cmyk_is_converted_by_its_profile(encode: Encode, photo: Image.Image, format: str) -> None:
    inks = photo.convert("CMYK")
    shown = in_srgb(inks, cmyk())
    assert np.abs(np.asarray(shown, np.int16) - np.asarray(photo)).mean() > 10
    data = encode(inks, format, icc_profile=cmyk(), **lossless(format))
    difference = np.abs(np.asarray(decode(data, 1000).image, np.int16) - np.asarray(shown))
    assert difference.mean() < 2
    if format == "TIFF":
        assert difference.max() <= 3


def test_lab(photo: Image.Image, encode: Encode) -> None:
    lab = ImageCms.profileToProfile(photo, srgb(), ImageCms.createProfile("LAB"), outputMode="LAB")
    picture = np.asarray(decode(encode(lab, "TIFF"), 1000).image, np.int16)
    assert np.abs(picture - np.asarray(photo)).mean() < 3


@pytest.mark.parametrize(
    "space", [b"", b"garbage", display_p3()[:200], display_p3()[:-300], grey_profile(2.2)]
)
def test_profiles_that_are_damaged_or_for_another_mode_count_for_nothing(
    encode: Encode, photo: Image.Image, space: bytes
) -> None:
    picture = decode(encode(photo, "PNG", icc_profile=space), 1000).image
    assert picture.tobytes() == photo.tobytes()


@pytest.mark.parametrize("format", ["HEIF", "AVIF"])
def test_colours_by_their_number(encode: Encode, photo: Image.Image, format: str) -> None:
    """Sony, Canon and Samsung write H.273 numbers and no profile."""
    wide = in_space(photo, display_p3())
    plain = encode(wide, format)
    if format == "HEIF":
        data = encode(wide, format, color_primaries=12, transfer_characteristics=13)
    else:  # Pillow writes only those of sRGB
        data = plain.replace(b"nclx\0\1\0\x0d", b"nclx\0\x0c\0\x0d")
        assert data != plain
    difference = np.abs(np.asarray(decode(data, 1000).image, np.int16) - np.asarray(photo))
    unmanaged = np.abs(np.asarray(decode(plain, 1000).image, np.int16) - np.asarray(photo))
    assert difference.mean() < 3 < unmanaged.mean()


@pytest.mark.parametrize("transfer", [16, 18])
def test_hdr_keeps_its_white_and_order(transfer: int) -> None:
    """PQ and HLG (H.273): 203 nits are white on a page of paper, and nearly white on a screen."""
    space = colour_spaces.from_numbers(9, transfer)
    assert space is not None
    ramp = Image.fromarray(np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2))
    shown = np.asarray(colour_spaces.to_srgb(ramp, space), np.int16)[0]
    assert (np.diff(shown[:, 0]) >= 0).all()
    assert np.abs(shown - shown[:, :1]).max() <= 1  # grey stays grey
    white = {16: 148, 18: 191}[transfer]  # 58 % and 75 % of the signal: BT.2408, table 1
    assert 225 <= shown[white, 0] <= 250
    assert shown[0, 0] == 0


def test_profiles_of_srgb_change_nothing(encode: Encode, photo: Image.Image) -> None:
    points = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06), (0.3127, 0.3290))
    steps = np.arange(1024) / 1023
    light = np.where(steps <= 0.04045, steps / 12.92, ((steps + 0.055) / 1.055) ** 2.4)
    for space in (ImageCms.ImageCmsProfile(srgb()).tobytes(), profile(points, light)):
        picture = decode(encode(photo, "PNG", icc_profile=space), 1000).image
        assert picture.tobytes() == photo.tobytes()
