"""JPEG 2000: scaled down while it is decoded, at any size."""

import io
from collections.abc import Callable

import imagecodecs
import numpy as np
import pytest
from PIL import Image, ImageOps
from wide_colours import display_p3

from indexer.errors import Unreadable
from indexer.photos.decoding import RESERVE, decode
from indexer.photos.formats import jpeg2000

Encode = Callable[..., bytes]


def photo(china: bytes, width: int, height: int) -> Image.Image:
    return Image.open(io.BytesIO(china)).resize((width, height))


@pytest.mark.parametrize("size", [(640, 427), (97, 65), (99, 67), (101, 133), (255, 257), (8, 8)])
@pytest.mark.parametrize("side", [8, 16, 200])
def test_any_size_can_be_halved(
    china: bytes, encode: Encode, size: tuple[int, int], side: int
) -> None:
    image = photo(china, *size)
    decoded = decode(encode(image, "JPEG2000"), side)
    assert (decoded.width, decoded.height) == size
    assert min(*size, RESERVE * side) <= min(decoded.image.size) < max(min(size) + 1, 4 * side)
    small = [
        np.asarray(one.resize((8, 8), Image.Resampling.BOX), np.int16)
        for one in (image, decoded.image)
    ]
    assert np.abs(small[0] - small[1]).mean() < 16


def test_no_more_is_decoded_than_needed(china: bytes, encode: Encode) -> None:
    file = io.BytesIO(encode(photo(china, 640, 427), "JPEG2000"))
    opened = jpeg2000.FAMILY.open(file, "jpeg2000")
    assert opened.size == (640, 427)
    assert [opened.decode(side).image.size for side in (1000, 214, 213, 106, 50)] == [
        *[(640, 427), (640, 427), (320, 214), (160, 107), (80, 54)]
    ]


@pytest.mark.parametrize("levels", [1, 2])
def test_a_file_of_few_levels(china: bytes, encode: Encode, levels: int) -> None:
    data = encode(photo(china, 640, 427), "JPEG2000", num_resolutions=levels)
    assert min(decode(data, 16).image.size) >= 32


@pytest.mark.parametrize("options", [{"no_jp2": True}, {"tile_size": (64, 64)}, {"offset": (3, 5)}])
def test_kinds_of_files(china: bytes, encode: Encode, options: dict[str, object]) -> None:
    if "offset" in options:
        options = {**options, "tile_offset": (0, 0), "tile_size": (256, 256)}
    image = photo(china, 320, 214)
    for side in (16, 200):
        decoded = decode(encode(image, "JPEG2000", **options), side)
        assert decoded.format == "jpeg2000"
        assert min(decoded.image.size) >= min(2 * side, 209)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_in_a_box(china: bytes, encode: Encode, orientation: int) -> None:
    image = photo(china, 160, 107)
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x0132] = orientation, "Maker", "2024:05:01 12:00:00"
    notes = b"JpgTiffExif->JP2" + exif.tobytes().removeprefix(b"Exif\0\0")
    data = encode(image, "JPEG2000")
    start = data.index(b"jp2c") - 4
    data = data[:start] + (8 + len(notes)).to_bytes(4) + b"uuid" + notes + data[start:]
    image.getexif()[0x0112] = orientation
    expected = ImageOps.exif_transpose(image)
    for side in (16, 200):
        decoded = decode(data, side)
        assert (decoded.width, decoded.height) == expected.size
        assert (decoded.camera, decoded.captured) == ("Maker", "2024-05-01T12:00:00")
        small = [
            np.asarray(one.resize((4, 4), Image.Resampling.BOX), np.int16)
            for one in (expected, decoded.image)
        ]
        assert np.abs(small[0] - small[1]).mean() < 8


def test_a_codestream_larger_than_its_header_says_is_not_decoded(encode: Encode) -> None:
    data = bytearray(encode(Image.new("RGB", (96, 64)), "JPEG2000"))
    place = data.index(b"\xff\x51") + 6  # width and height of the reference grid (15444-1, A.5.1)
    data[place : place + 8] = (60_000).to_bytes(4) * 2
    with pytest.raises(Unreadable, match="cannot be read as jpeg2000"):
        decode(bytes(data), 224)


@pytest.mark.parametrize("bits", [10, 12, 16])
@pytest.mark.parametrize("channels", [3, 4])
def test_white_of_more_than_8_bits_stays_white(bits: int, channels: int) -> None:
    ramp = np.linspace(0, 2**bits - 1, 64).round().astype(np.uint16)
    values = np.stack(
        [np.tile(ramp, (64, 1)), np.tile(ramp[:, None], 64), np.tile(ramp, (64, 1))], 2
    )
    opaque = np.full((64, 64, channels - 3), 2**bits - 1, np.uint16)
    data = imagecodecs.jpeg2k_encode(
        np.concatenate([values, opaque], 2),
        *(0,),
        codecformat="jp2",
        bitspersample=bits,
        reversible=True,
    )
    picture = np.asarray(decode(data, 1000).image, np.int16)
    assert np.abs(picture - values / (2**bits - 1) * 255).max() <= 1


def test_an_icc_profile_in_a_box(china: bytes, encode: Encode) -> None:
    image = photo(china, 64, 48)
    data = encode(image, "JPEG2000")
    place = data.index(b"colr") - 4
    colours = b"colr\2\0\0" + display_p3()
    head, size = bytearray(data[:place]), int.from_bytes(data[place : place + 4])
    header = data.index(b"jp2h") - 4
    grown = int.from_bytes(data[header : header + 4]) + len(colours) + 4 - size
    head[header : header + 4] = grown.to_bytes(4)
    profiled = bytes(head) + (len(colours) + 4).to_bytes(4) + colours + data[place + size :]
    same = encode(image, "PNG", icc_profile=display_p3())
    pictures = [np.asarray(decode(file, 1000).image, np.int16) for file in (profiled, same)]
    assert np.abs(pictures[0] - pictures[1]).max() <= 1
