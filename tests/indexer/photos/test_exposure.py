"""How a photo was taken comes from the EXIF of every format; damaged EXIF tells less."""

import struct
from collections.abc import Callable, Iterator, Mapping

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.ExifTags import IFD, Base
from PIL.TiffImagePlugin import IFDRational
from raw_samples import dng

from indexer.photos.decoding import exposure_of
from indexer.photos.exposure import Exposure
from indexer.photos.workers import DecodeWorkers

Encode = Callable[..., bytes]
FORMATS = ["JPEG", "PNG", "WEBP", "TIFF", "HEIF", "AVIF", "JXL"]
TAGS = {
    Base.ExposureTime: IFDRational(1, 250),
    Base.FNumber: IFDRational(28, 10),
    Base.ISOSpeedRatings: 400,
    Base.FocalLength: IFDRational(35, 1),
    Base.FocalLengthIn35mmFilm: 52,
    Base.LensMake: "NIKON\0",
    Base.LensModel: "NIKKOR 35mm f/1.8G ",
}
TOLD = Exposure(0.004, 2.8, 400, 35.0, 52, "NIKON NIKKOR 35mm f/1.8G")


def notes(tags: Mapping[Base, object]) -> bytes:
    exif = Image.Exif()
    exif.get_ifd(IFD.Exif).update({int(tag): value for tag, value in tags.items()})
    return exif.tobytes()


def taken(encode: Encode, tags: Mapping[Base, object], format: str = "JPEG") -> bytes:
    return encode(Image.new("RGB", (40, 30)), format, exif=notes(tags))


@pytest.fixture(scope="module")
def workers() -> Iterator[DecodeWorkers]:
    workers = DecodeWorkers()
    yield workers
    workers.close()


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_tells(encode: Encode, workers: DecodeWorkers, format: str) -> None:
    data = taken(encode, TAGS, format)
    assert exposure_of(data) == TOLD
    assert exposure_of(data, workers=workers) == TOLD


@pytest.mark.parametrize("format", FORMATS)
def test_a_photo_without_exif_tells_nothing(encode: Encode, format: str) -> None:
    assert exposure_of(encode(Image.new("RGB", (40, 30)), format)) == Exposure()


@pytest.mark.parametrize("preview", [None, Image.new("RGB", (240, 160))])
def test_a_raw_photo_without_exif_tells_nothing(preview: Image.Image | None) -> None:
    assert exposure_of(dng(Image.new("RGB", (48, 32)), preview=preview)) == Exposure()


@pytest.mark.parametrize(
    ("tags", "told"),
    [
        ({Base.ShutterSpeedValue: IFDRational(8, 1)}, Exposure(seconds=1 / 256)),
        ({Base.ApertureValue: IFDRational(4, 1)}, Exposure(f_number=4.0)),
        ({Base.ExposureTime: IFDRational(30, 1)}, Exposure(seconds=30.0)),
        ({Base.ISOSpeedRatings: (100, 0)}, Exposure(iso=100)),
        (
            {Base.ISOSpeedRatings: 65_535, Base.RecommendedExposureIndex: 102_400},
            Exposure(iso=102_400),
        ),
        ({Base.ISOSpeedRatings: 0, Base.FocalLengthIn35mmFilm: 0}, Exposure()),
        ({Base.FNumber: IFDRational(1, 0), Base.FocalLength: IFDRational(0, 0)}, Exposure()),
        ({Base.ShutterSpeedValue: IFDRational(-4000, 1)}, Exposure()),
        ({Base.LensModel: "----\0\0"}, Exposure(lens="----")),
        ({Base.LensModel: "\0 "}, Exposure()),
    ],
)
def test_only_possible_values_count(
    encode: Encode, tags: Mapping[Base, object], told: Exposure
) -> None:
    assert exposure_of(taken(encode, tags)) == told


@given(exif=st.binary(max_size=120))
@example(b"II*\0\x08\0\0\0\x01\0" + struct.pack("<HHII", IFD.Exif, 4, 1, 8))
@settings(deadline=None)
def test_damaged_exif_tells_less(encode: Encode, exif: bytes) -> None:
    for data in (exif, b"Exif\0\0II*\0\x08\0\0\0" + exif):
        exposure_of(encode(Image.new("RGB", (8, 8)), "JPEG", exif=data))


def test_every_damaged_byte_leaves_the_others_readable_or_tells_nothing(encode: Encode) -> None:
    whole = notes(TAGS)
    for place in range(6, len(whole)):
        damaged = whole[:place] + bytes([whole[place] ^ 255]) + whole[place + 1 :]
        told = exposure_of(encode(Image.new("RGB", (8, 8)), "JPEG", exif=damaged))
        assert all(
            value is None or isinstance(value, (int, float, str))
            for value in (told.seconds, told.f_number, told.iso, told.focal_length, told.lens)
        )
