"""Sidecars: what XMP beside a photo tells, and what it must not do."""

import os
from pathlib import Path

import pytest
from sidecar_samples import xmp

from indexer.photos.exif import Facts
from indexer.photos.paths import to_text
from indexer.photos.sidecars import LARGEST, facts_beside, parse_sidecar, sidecar_names

LISBON = pytest.approx((38.7223, -9.1393), abs=1e-5)


def test_attributes_and_elements_tell_the_same() -> None:
    named = {
        "exif:DateTimeOriginal": "2019-05-01T12:30:00",
        "exif:GPSLatitude": "38,43.338N",
        "exif:GPSLongitude": "9,8.358W",
        "tiff:Make": "NIKON CORPORATION",
        "tiff:Model": "NIKON D90",
    }
    by_attributes = parse_sidecar(xmp(" ".join(f'{name}="{text}"' for name, text in named.items())))
    lines = (f"\n <{name}>{text}</{name}>" for name, text in named.items())
    by_elements = parse_sidecar(xmp(elements="<dc:subject>x</dc:subject>" + "".join(lines)))
    assert by_attributes == by_elements
    assert by_attributes.location == LISBON
    assert by_attributes.captured == "2019-05-01T12:30:00"
    assert by_attributes.camera == "NIKON D90"


@pytest.mark.parametrize(
    ("latitude", "longitude", "location"),
    [
        ("38,43.33800000N", "9,8.35800000W", LISBON),
        ("38,43,20.28N", "9,8,21.48W", LISBON),
        ("33,52.128S", "151,12.558E", pytest.approx((-33.8688, 151.2093), abs=1e-5)),
        ("0,0.0N", "0,0.0E", None),
        ("98,0.0N", "9,8.358W", None),
        ("38,75.0N", "9,8.358W", None),
        ("38,43.338", "9,8.358W", None),
        ("38,43.338N", "", None),
    ],
)
def test_positions(latitude: str, longitude: str, location: object) -> None:
    told = parse_sidecar(xmp(f'exif:GPSLatitude="{latitude}" exif:GPSLongitude="{longitude}"'))
    assert told.location == location


@pytest.mark.parametrize(
    ("said", "captured"),
    [
        ('exif:DateTimeOriginal="2019:05:01 12:30:00.250"', "2019-05-01T12:30:00"),
        ('exif:DateTimeOriginal="2019-05-01T12:30:00+02:00"', "2019-05-01T12:30:00"),
        ('photoshop:DateCreated="2019-05-01T12:30:00Z"', "2019-05-01T12:30:00"),
        ('xmp:CreateDate="2019-05-01"', "2019-05-01T00:00:00"),
        ('exif:DateTimeOriginal="0000:00:00" xmp:CreateDate="2019-05-01"', "2019-05-01T00:00:00"),
        ('xmp:CreateDate="2019-05-01" exif:DateTimeOriginal="2018-01-02"', "2018-01-02T00:00:00"),
        ('exif:DateTimeOriginal="yesterday"', None),
        ('xmp:ModifyDate="2019-05-01"', None),
    ],
)  # fmt: skip
def test_times(said: str, captured: str | None) -> None:
    assert parse_sidecar(xmp(said)).captured == captured


def test_only_what_is_said_of_the_photo_itself_counts() -> None:
    other = (
        '<dc:source><rdf:Description tiff:Make="Canon"/><tiff:Model>EOS</tiff:Model></dc:source>'
    )
    assert parse_sidecar(xmp(elements=other)) == Facts()


BOMB = b"""<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>"""
THIEF = b"""<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>"""


@pytest.mark.parametrize("entity", [BOMB, THIEF])
def test_entities_are_neither_expanded_nor_read(entity: bytes) -> None:
    hostile = entity + xmp('tiff:Make="&a;" xmp:CreateDate="2019-05-01"')
    assert parse_sidecar(hostile) == Facts()


@pytest.mark.parametrize(
    "damaged",
    [b"", b"\0" * 100, b"<x>", xmp()[:-60], b"\xff\xfe" + bytes(99), b"<a>" * 50_000, b"\xc3<x/>"],
)
def test_damage_tells_nothing(damaged: bytes) -> None:
    assert parse_sidecar(damaged) == Facts()


@pytest.mark.parametrize("encoding", ["x-foo", "utf-7", "punycode", "base64", "utf-16"])
def test_no_encoding_ends_a_run(encoding: str) -> None:
    parse_sidecar(f'<?xml version="1.0" encoding="{encoding}"?>'.encode() + xmp())


def test_what_was_read_before_the_damage_counts() -> None:
    cut = xmp('tiff:Model="D90"').partition(b"</x:xmpmeta>")[0]
    assert parse_sidecar(cut).camera == "D90"


@pytest.mark.parametrize("name", ["IMG_1.jpg.xmp", "IMG_1.xmp", "IMG_1.jpg.XMP", "IMG_1.XMP"])
def test_a_sidecar_lies_beside_its_photo_under_its_name(tmp_path: Path, name: str) -> None:
    photo = to_text(tmp_path / "IMG_1.jpg")
    assert facts_beside(photo) is None
    (tmp_path / "IMG_10.xmp").write_bytes(xmp('tiff:Model="other"'))
    (tmp_path / name).write_bytes(xmp('tiff:Model="D90"'))
    assert name in sidecar_names("IMG_1.jpg")
    assert facts_beside(photo) == Facts(camera="D90")


def test_the_longer_name_is_the_surer(tmp_path: Path) -> None:
    (tmp_path / "IMG_1.xmp").write_bytes(xmp('tiff:Model="raw"'))
    (tmp_path / "IMG_1.jpg.xmp").write_bytes(xmp('tiff:Model="jpeg"'))
    assert facts_beside(to_text(tmp_path / "IMG_1.jpg")) == Facts(camera="jpeg")


def test_what_is_no_file_of_a_size_is_not_read(tmp_path: Path) -> None:
    photo = to_text(tmp_path / "a.jpg")
    (tmp_path / "a.jpg.xmp").write_bytes(xmp('tiff:Model="D90"') + b" " * LARGEST)
    assert facts_beside(photo) == Facts()
    (tmp_path / "a.jpg.xmp").unlink()
    os.mkfifo(tmp_path / "a.jpg.xmp")  # would wait for its writer
    assert facts_beside(photo) == Facts()
    (tmp_path / "a.jpg.xmp").unlink()
    (tmp_path / "a.jpg.xmp").mkdir()
    assert facts_beside(photo) == Facts()
