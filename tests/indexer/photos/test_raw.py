"""Raw photos: told from TIFF by what they hold, turned upright once, previews where they do."""

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageOps
from raw_samples import TEXT, TiffWriter, dng, mosaic

from indexer.errors import Unreadable
from indexer.photos.decoding import decode

Encode = Callable[..., bytes]


def scene(size: tuple[int, int] = (96, 64), other: str = "blue") -> Image.Image:
    """Orange, one corner blue: no two of its eight orientations look alike."""
    width, height = size
    image = Image.new("RGB", size, (240, 120, 0))
    image.paste(other, (0, 0, width // 2, height // 2))
    return image


def assert_shows(shown: Image.Image, expected: Image.Image) -> None:
    """Compare the quarters: the exposure of raw photos is a matter of taste."""
    quarters = [
        np.asarray(image.resize((2, 2), Image.Resampling.BOX), np.int16)
        for image in (shown, expected)
    ]
    assert np.abs(quarters[0] - quarters[1]).max() < 60


def upright(image: Image.Image, orientation: int) -> Image.Image:
    image = image.copy()
    image.getexif()[0x0112] = orientation
    return ImageOps.exif_transpose(image)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("with_preview", [False, True])
def test_upright_exactly_once(orientation: int, with_preview: bool) -> None:
    image = scene()
    preview = image if with_preview else None
    decoded = decode(dng(image, orientation, preview), 16)
    expected = upright(image, orientation)
    assert decoded.format == "dng"
    assert (decoded.width, decoded.height) == expected.size
    assert_shows(decoded.image, expected)


def test_time_and_camera() -> None:
    for preview in (None, scene()):
        decoded = decode(dng(scene(), preview=preview), 16)
        assert decoded.captured == "2024-05-01T12:00:00"
        assert decoded.camera == "Maker Model"


def test_a_preview_that_is_large_enough_is_shown_instead_of_the_raw() -> None:
    raw = scene((480, 320))
    data = dng(raw, preview=scene((240, 160), "lime"))
    assert_shows(decode(data, 80).image, scene(other="lime"))
    assert decode(data, 80).image.size == (240, 160)
    tiny = dng(raw, preview=scene((120, 80), "lime"))
    assert_shows(decode(tiny, 80).image, scene())
    assert_shows(decode(tiny, 40).image, scene(other="lime"))


@pytest.mark.parametrize("side", [16, 1000])
def test_without_a_preview_half_of_the_raw_is_shown(side: int) -> None:
    decoded = decode(dng(scene()), side)
    assert (decoded.width, decoded.height) == (96, 64)
    assert decoded.image.size == (48, 32)


def test_a_preview_that_was_turned_before_is_not_turned_again() -> None:
    decoded = decode(dng(scene(), 6, upright(scene(), 6)), 16)
    assert_shows(decoded.image, upright(scene(), 6))


def test_a_damaged_preview_does_not_matter() -> None:
    data = dng(scene(), preview=scene(other="lime"))
    start = data.index(b"\xff\xd8\xff")
    damaged = data[: start + 4] + bytes(300) + data[start + 304 :]
    assert_shows(decode(damaged, 16).image, scene())


def cut(data: bytes, image: Image.Image) -> bytes:
    """The same photo, of whose raw the second half is missing: it lies at the end of the file."""
    pixels = mosaic(image)
    start = data.index(pixels)
    moved = data[:start] + bytes(len(pixels)) + data[start + len(pixels) :]
    place = moved.index(b"\x11\1\4\0\1\0\0\0" + start.to_bytes(4, "little")) + 8
    moved = moved[:place] + len(moved).to_bytes(4, "little") + moved[place + 4 :]
    return moved + pixels[: len(pixels) // 2]


def test_a_raw_that_is_cut_off_is_refused() -> None:
    with pytest.raises(Unreadable, match="cannot be read as dng: Input/output error"):
        decode(cut(dng(scene()), scene()), 16)


def test_of_a_raw_that_is_cut_off_the_preview_remains() -> None:
    raw = scene((480, 320))
    decoded = decode(cut(dng(raw, preview=scene((120, 80))), raw), 80)
    assert decoded.damaged
    assert decoded.image.size == (120, 80)
    assert_shows(decoded.image, scene())


MAKERS = {"nef": b"NIKON CORPORATION\0", "arw": b"SONY\0", "pef": b"PENTAX\0", "srw": b"SAMSUNG\0"}


@pytest.mark.parametrize("format", MAKERS)
def test_raw_photos_that_begin_like_tiff(format: str) -> None:
    data = dng(scene(), preview=scene(), make=MAKERS[format], dng=False)
    with pytest.raises(Unreadable, match="over the limit") as caught:
        decode(data, 16, limit=96)
    assert "96 x 64" in str(caught.value)
    assert decode(data, 16).format == format


@pytest.mark.parametrize("make", MAKERS.values())
def test_the_tiff_of_such_a_maker_is_tiff(encode: Encode, make: bytes) -> None:
    data = encode(scene(), "TIFF", tiffinfo={271: make[:-1].decode()})
    decoded = decode(data, 224)
    assert decoded.format == "tiff"
    assert decoded.camera == make[:-1].decode()
    assert decoded.image.tobytes() == scene().tobytes()


def test_a_dng_under_another_name_is_a_dng_and_a_photo_called_dng_is_not(encode: Encode) -> None:
    assert decode(dng(scene()), 16).format == "dng"
    assert decode(encode(scene(), "JPEG"), 16).format == "jpeg"


@pytest.mark.parametrize(
    ("head", "format"),
    [
        (b"II*\0\x10\0\0\0CR\2\0", "cr2"),
        (b"IIU\0\x18\0\0\0", "rw2"),
        (b"IIRO\x08\0\0\0", "orf"),
        (b"MMOR\0\0\0\x08", "orf"),
        (b"FUJIFILMCCD-RAW 0201", "raf"),
        (b"\0\0\0\x18ftypcrx \0\0\0\1crx isom", "cr3"),
    ],
)
def test_signatures_of_other_makers(head: bytes, format: str) -> None:
    with pytest.raises(Unreadable, match=f"cannot be read as {format}"):
        decode(head + bytes(200), 16)


def test_a_ring_of_directories_ends() -> None:
    writer = TiffWriter()
    place = writer.directory({271: (TEXT, b"NIKON\0"), 330: (4, (8,))})
    data = bytearray(writer.finish(place))
    data[-4:] = place.to_bytes(4, "little")
    with pytest.raises(Unreadable, match="cannot be read as tiff"):
        decode(bytes(data), 16)


def test_a_header_of_gigabytes_is_refused() -> None:
    data = bytearray(dng(scene()))
    width = data.index((256).to_bytes(2, "little") + b"\4\0\1\0\0\0") + 8
    data[width : width + 4] = (60_000).to_bytes(4, "little")
    data[width + 12 : width + 16] = (60_000).to_bytes(4, "little")
    with pytest.raises(Unreadable, match="60000 x 60000 pixels is over the limit"):
        decode(bytes(data), 16)
