"""Where a photo was taken: the position that EXIF tells, and the town that it is in."""

import math
import struct
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.ExifTags import GPS, IFD

from indexer.photos.decoding import decode
from indexer.photos.exif import parse, read
from indexer.photos.places import Gazetteer, gazetteer, place_of, simple

FORMATS = ["JPEG", "PNG", "WEBP", "TIFF", "HEIF"]
LISBON = ("N", (38, 42, 50.08), "W", (9, 8, 21.92))


def exif_at(north, latitude, east, longitude):
    exif = Image.Exif()
    tags = exif.get_ifd(IFD.GPSInfo)
    given = {
        GPS.GPSLatitudeRef: north,
        GPS.GPSLatitude: latitude,
        GPS.GPSLongitudeRef: east,
        GPS.GPSLongitude: longitude,
    }
    tags.update({tag: value for tag, value in given.items() if value is not None})
    return exif


def location(*position):
    return read(parse(exif_at(*position).tobytes())).location


@pytest.mark.parametrize("format", FORMATS)
def test_the_position_is_read_from_every_format(encode, format):
    data = encode(Image.new("RGB", (40, 30)), format, exif=exif_at(*LISBON).tobytes())
    assert decode(data, 224).location == (38.713911, -9.139422)


@pytest.mark.parametrize(
    ("position", "found"),
    [
        (("S", (33, 51, 25.0), "E", (151, 12, 55.0)), (-33.856944, 151.215278)),
        (("N", (38.713911, 0.0, 0.0), "W", (9.139422, 0.0, 0.0)), (38.713911, -9.139422)),
        (("N", (0, 0, 0.0), "E", (6, 30, 0.0)), (0.0, 6.5)),
        (("S", (0, 0, 0.0), "E", (6, 30, 0.0)), (0.0, 6.5)),
        (("N", (0, 0, 0.0), "E", (0, 0, 0.0)), None),
        (("N", (90, 0, 0.1), "E", (6, 0, 0.0)), None),
        (("N", (48, 0, 0.0), "E", (180, 1, 0.0)), None),
        (("N", (48, 99, 0.0), "E", (6, 0, 0.0)), None),
        ((None, (48, 0, 0.0), "E", (6, 0, 0.0)), None),
        (("X", (48, 0, 0.0), "E", (6, 0, 0.0)), None),
        (("N", (48, 0, 0.0), "E", None), None),
        (("N", (48, 0), "E", (6, 0, 0.0)), None),
    ],
)
def test_a_position_that_is_none_is_no_place(position, found):
    assert location(*position) == found


def test_a_fraction_of_denominator_0_is_no_place():
    data = bytearray(exif_at(*LISBON).tobytes())
    place = data.index(
        struct.pack(">II", 38, 1) if b"MM" in data[:8] else struct.pack("<II", 38, 1)
    )
    data[place + 4 : place + 8] = bytes(4)
    assert read(parse(bytes(data))).location is None


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=60), start=st.integers(0, 200))
def test_damaged_positions_cost_no_photo(data, start):
    whole = bytearray(exif_at(*LISBON).tobytes())
    whole[start : start + len(data)] = data
    found = read(parse(bytes(whole))).location
    assert found is None or (abs(found[0]) <= 90 and abs(found[1]) <= 180)


@pytest.mark.parametrize(
    ("position", "place"),
    [
        ((38.713911, -9.139422), "Lisbon, Lisbon, Portugal"),
        ((38.697, -9.4215), "Cascais, Lisbon, Portugal"),
        ((40.71, -74.0), "New York City, New York, United States"),
        ((40.7357, -74.1724), "Newark, New Jersey, United States"),
        ((-16.9, 179.99), "Labasa, Northern, Fiji"),
        ((-16.8, -179.97), "Labasa, Northern, Fiji"),
        ((0.0, -30.0), None),
        ((90.0, 0.0), None),
    ],
)
def test_a_position_has_the_town_that_people_would_name(position, place):
    assert place_of(position) == place


def test_a_photo_without_a_position_reads_no_gazetteer():
    code = (
        "import sys\n"
        "from indexer.photos import places\n"
        "assert places.place_of(None) is None\n"
        "assert 'reverse_geocode' not in sys.modules and places.gazetteer()._read is None"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_of_several_towns_of_a_name_the_largest_is_meant_unless_more_is_said():
    towns = gazetteer().get()
    assert towns.named("paris").country == "France"
    assert towns.named("Paris, US").region == towns.named("PARIS,  texas").region == "Texas"
    assert towns.named("zurich") == towns.named("Zu\u0308rich") == towns.named("Zürich, CH")
    assert towns.named("New York").name == "New York City"
    assert towns.named("Paris, Portugal") is towns.named("Lissbon") is None
    assert towns.nearest_names("Lissbon")[0] == "Lisbon" and towns.nearest_names("qqqqqqq") == []


def test_every_town_is_at_its_own_place():
    towns: Gazetteer = gazetteer().get()
    assert len(towns.towns) > 100_000
    assert np.allclose(np.linalg.norm(towns.places, axis=1), 1)
    random = np.random.default_rng(1)
    own = 0
    for row in random.choice(len(towns.towns), 300, replace=False).tolist():
        one = towns.towns[row]
        found = towns.town_at(one.latitude, one.longitude)
        assert found is not None and math.dist(found[4:6], one[4:6]) < 1.5
        own += found.country == one.country
    assert own == 300


def test_names_are_compared_without_accents_capitals_and_hyphens():
    assert simple("  São-Paulo ") == "sao paulo" and simple("STRASSE") == simple("Straße")
