"""HEIC of phones and cameras: recognised by any of the brands that they write."""

from collections.abc import Callable

import pytest
from PIL import Image

from indexer.errors import Unreadable
from indexer.photos.decoding import decode
from indexer.photos.listing import is_photo_name

Encode = Callable[..., bytes]
Brands = tuple[bytes, bytes, bytes, bytes]

MAKERS: dict[str, Brands] = {
    "phone": (b"heic", b"mif1", b"heic", b"miaf"),
    "10 bits": (b"heix", b"mif1", b"heix", b"miaf"),
    "container first": (b"mif1", b"mif1", b"heic", b"miaf"),
    "burst": (b"msf1", b"iso8", b"hevc", b"mif1"),
    "sequence": (b"hevc", b"mif1", b"hevc", b"heic"),
    "brand of a maker": (b"MiHB", b"mif1", b"MiHB", b"heic"),
    "nothing but the container": (b"mif1", b"mif1", b"miaf", b"mif1"),
}


def branded(data: bytes, brands: Brands) -> bytes:
    """A picture of pillow-heif with other brands: as many as it writes, so that nothing moves."""
    assert data[:8] == b"\0\0\0\x1cftyp"
    return data[:8] + brands[0] + bytes(4) + b"".join(brands[1:]) + data[28:]


@pytest.mark.parametrize("maker", MAKERS)
def test_brands_of_all_makers(encode: Encode, maker: str) -> None:
    data = branded(encode(Image.new("RGB", (96, 64), "orange"), "HEIF"), MAKERS[maker])
    decoded = decode(data, 224)
    assert (decoded.format, decoded.width, decoded.height) == ("heif", 96, 64)


@pytest.mark.parametrize(
    ("brands", "reason"),
    [
        ((b"M4A ", b"mp42", b"isom", b"M4A "), "a file of the brand 'M4A', which is not supported"),
        ((b"sdv ", b"sdv ", b"sdv ", b"sdv "), "a file of the brand 'sdv', which is not supported"),
        ((b"\0\1\2\3", b"\0" * 4, b"\0" * 4, b"\0" * 4), "not an image, or of a kind"),
        ((b"mif1", b"avif", b"miaf", b"MA1B"), "cannot be read as avif"),
    ],
)
def test_other_brands_are_other_files(encode: Encode, brands: Brands, reason: str) -> None:
    data = branded(encode(Image.new("RGB", (96, 64)), "HEIF"), brands)
    with pytest.raises(Unreadable, match=reason):
        decode(data, 224)


@pytest.mark.parametrize("name", ["DSC00001.HIF", "a.heics", "a.heif", "a.HEIC"])
def test_cameras_have_endings_of_their_own(name: str) -> None:
    assert is_photo_name(name)
