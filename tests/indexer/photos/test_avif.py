"""AVIF: told from HEIC by its brands, decoded by one thread, turned as the file says."""

import io
from collections.abc import Callable

import pytest
from PIL import AvifImagePlugin, Image

from indexer.photos.decoding import decode

Encode = Callable[..., bytes]


def with_brands(data: bytes, major: bytes, *others: bytes) -> bytes:
    """The same file with other brands; offsets in AVIF count from the beginning, so none moves."""
    length = int.from_bytes(data[:4])
    names = b"".join(others)
    assert len(names) == length - 16
    return data[:8] + major + data[12:16] + names + data[length:]


@pytest.fixture
def photo(encode: Encode, china: bytes) -> bytes:
    return encode(Image.open(io.BytesIO(china)), "AVIF")


def test_avif_under_the_brand_of_any_picture(photo: bytes) -> None:
    data = with_brands(photo, b"mif1", b"miaf", b"avif", b"MA1B", b"mif1")
    assert decode(data, 224).format == "avif"
    data = with_brands(photo, b"XXXX", b"mif1", b"miaf", b"MA1B", b"avif")
    assert decode(data, 224).format == "avif"


def test_the_size_of_real_photos(photo: bytes) -> None:
    decoded = decode(photo, 224)
    assert (decoded.format, decoded.width, decoded.height) == ("avif", 640, 427)


def test_exif(encode: Encode, china: bytes) -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0132], exif[0x0112] = "Maker", "2024:05:01 12:00:00", 8
    decoded = decode(encode(Image.open(io.BytesIO(china)), "AVIF", exif=exif), 224)
    assert (decoded.camera, decoded.captured) == ("Maker", "2024-05-01T12:00:00")
    assert (decoded.width, decoded.height) == (427, 640)


def test_one_thread_decodes_a_file(photo: bytes) -> None:
    decode(photo, 224)
    assert AvifImagePlugin.DEFAULT_MAX_THREADS == 1
