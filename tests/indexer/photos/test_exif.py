"""Capture time and camera come through; damaged EXIF never costs a photo."""

import io
import struct
from collections.abc import Callable, Mapping

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.ExifTags import IFD, Base
from PIL.PngImagePlugin import PngInfo

from indexer.photos.decoding import Decoded, decode

Encode = Callable[..., bytes]
FORMATS = ["JPEG", "PNG", "WEBP", "TIFF", "HEIF"]


def with_exif(
    encode: Encode, tags: Mapping[Base, object], taken: str | None = None, format: str = "JPEG"
) -> Decoded:
    exif = Image.Exif()
    for tag, value in tags.items():
        exif[tag] = value
    if taken is not None:
        exif.get_ifd(IFD.Exif)[Base.DateTimeOriginal] = taken
    return decode(encode(Image.new("RGB", (40, 30)), format, exif=exif.tobytes()), 224)


@pytest.mark.parametrize("format", FORMATS)
def test_capture_time_and_camera_are_read_from_every_format(encode: Encode, format: str) -> None:
    tags = {Base.Make: "Canon", Base.Model: "PowerShot", Base.DateTime: "2025:01:01 00:00:00"}
    decoded = with_exif(encode, tags, taken="2024:05:01 12:30:59", format=format)
    assert decoded.captured == "2024-05-01T12:30:59"
    assert decoded.camera == "Canon PowerShot"


def test_the_file_time_stands_in_for_a_missing_capture_time(encode: Encode) -> None:
    tags = {Base.DateTime: "2025:01:02 03:04:05"}
    assert with_exif(encode, tags).captured == "2025-01-02T03:04:05"
    assert with_exif(encode, tags, "0000:00:00 00:00:00").captured == "2025-01-02T03:04:05"


@pytest.mark.parametrize(
    ("text", "captured"),
    [
        ("2024:02:29 23:59:59", "2024-02-29T23:59:59"),
        ("2024:02:29 23:59:59\0\0", "2024-02-29T23:59:59"),
        ("2023:02:29 23:59:59", None),
        ("    :  :     :  :  ", None),
        ("0000:00:00 00:00:00", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_only_real_moments_count(encode: Encode, text: str, captured: str | None) -> None:
    assert with_exif(encode, {}, taken=text).captured == captured


@pytest.mark.parametrize(
    ("make", "model", "camera"),
    [
        ("Apple", "iPhone 15", "Apple iPhone 15"),
        ("NIKON CORPORATION", "NIKON D90", "NIKON D90"),
        ("Canon", "Canon EOS 5D", "Canon EOS 5D"),
        ("SONY\0\0", "DSC-W1  \0", "SONY DSC-W1"),
        ("", "Model", "Model"),
        ("Make", "", "Make"),
        ("\0", " ", None),
        ("", "line\nbreak\x1b[0m", "line break [0m"),
        ("M" * 5000, "", "M" * 100),
    ],
)
def test_the_camera_is_named_once_and_in_printable_words(
    encode: Encode, make: str, model: str, camera: str | None
) -> None:
    assert with_exif(encode, {Base.Make: make, Base.Model: model}).camera == camera


@pytest.mark.parametrize("orientation", [0, 9, 65_535])
def test_an_impossible_orientation_is_upright(encode: Encode, orientation: int) -> None:
    decoded = with_exif(encode, {Base.Orientation: orientation})
    assert (decoded.width, decoded.height) == (40, 30)


def test_tags_of_a_wrong_type_say_nothing(encode: Encode) -> None:
    numbers = [struct.pack("<HHII", tag, 3, 1, 7) for tag in (Base.Make, Base.DateTime)]
    text = struct.pack("<HHI4s", Base.Orientation, 2, 4, b"up")
    exif = b"Exif\0\0II*\0\x08\0\0\0\x03\0" + b"".join([*numbers, text]) + bytes(4)
    decoded = decode(encode(Image.new("RGB", (40, 30)), "JPEG", exif=exif), 224)
    assert (decoded.captured, decoded.camera, decoded.width) == (None, None, 40)


@given(exif=st.binary(max_size=120))
@example(b"")
@example(b"II*\0\x08\0\0\0\x01\0" + struct.pack("<HHII", Base.Make, 2, 900, 5000))
@example(b"II*\0\x08\0\0\0\x01\0" + struct.pack("<HHII", IFD.Exif, 4, 1, 8))
@settings(deadline=None)
def test_no_exif_costs_the_photo(encode: Encode, exif: bytes) -> None:
    for data in (exif, b"Exif\0\0" + exif, b"Exif\0\0II*\0\x08\0\0\0" + exif):
        decoded = decode(encode(Image.new("RGB", (40, 40)), "JPEG", exif=data), 224)
        assert (decoded.width, decoded.height) == (40, 40)


def test_exif_that_breaks_pillows_parser_costs_no_photo(encode: Encode) -> None:
    exif = Image.Exif()
    exif[Base.XResolution], exif[Base.ResolutionUnit], exif[Base.Model] = 72.0, 2, "Model"
    whole = exif.tobytes()
    for place in range(6, len(whole)):
        for byte in (0, 1, 2, 5, 255):
            damaged = whole[:place] + bytes([byte]) + whole[place + 1 :]
            decoded = decode(encode(Image.new("RGB", (8, 8)), "JPEG", exif=damaged), 224)
            assert decoded.width == 8


XMP = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_an_orientation_that_only_xmp_tells_does_not_count(format: str) -> None:
    image, file = Image.new("RGB", (60, 40)), io.BytesIO()
    if format == "PNG":
        notes = PngInfo()
        notes.add_itxt("XML:com.adobe.xmp", XMP)
        image.save(file, format, pnginfo=notes)
    elif format == "TIFF":
        image.save(file, format, tiffinfo={700: XMP.encode()})
    else:
        image.save(file, format, xmp=XMP.encode())
    assert b"tiff:Orientation" in file.getvalue()
    decoded = decode(file.getvalue(), 224)
    assert decoded.image.size == (decoded.width, decoded.height) == (60, 40)


@pytest.mark.parametrize("kind", [b"\x04\0\1\0\0\0", b"\x03\0\2\0\0\0", b"\x01\0\1\0\0\0"])
def test_an_orientation_of_a_type_that_browsers_do_not_heed_does_not_count(
    encode: Encode, kind: bytes
) -> None:
    exif = b"Exif\0\0II*\0\x08\0\0\0\1\0\x12\1" + kind + b"\6\0\0\0" + bytes(4)
    photo = Image.new("RGB", (40, 30))
    decoded = decode(encode(photo, "JPEG", exif=exif), 224)
    assert (decoded.width, decoded.height) == decoded.image.size == (40, 30)
