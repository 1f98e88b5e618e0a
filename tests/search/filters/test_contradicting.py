"""Filters that no photo can pass all of."""

from datetime import date

import pytest

from indexer.errors import BadValue
from search.filters.conditions import read_filters
from search.filters.written import split


def read(text, off=()):
    return read_filters(split(text, ())[1], date(2024, 3, 6), off)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("in:2019 -in:2019", "no day is left by in:2019 and -in:2019: remove or widen one"),
        ("after:2020 in:2019", "no day is left by after:2020 and in:2019"),
        ("in:2019 before:2019", "no day is left"),
        ("in:2018 on:2019-05-01 before:2018", "no day is left by in:2018, on:2019-05-01 and"),
        ("-after:2019 -before:2019", "no day is left by -after:2019 and -before:2019"),
        ("2019 not 2019", "no day is left"),
        ("camera:nikon -camera:Nikon", "no photo is left by camera:nikon and -camera:Nikon"),
        ('camera:"nikon d90" -camera:nikon', "no photo is left by camera:nikon d90 and"),
        ('camera:"=NIKON D70" -camera:nikon', "no photo is left"),
        ("folder:=/photos/art -folder:/art/", "no photo is left"),
        ("folder:=/photos/art -folder:=/photos/art/", "no photo is left"),
        ("format:jpg -format:jpeg", "no photo is left by format:jpg and -format:jpeg: remove one"),
        ("width:3000 -width:2000", "no photo is left by width:3000 and -width:2000"),
    ],
)
def test_filters_that_contradict_each_other_are_told(text, why):
    with pytest.raises(BadValue, match=why):
        read(text)


@pytest.mark.parametrize(
    "text",
    [
        "in:2019 -in:2019-05",
        "in:2018 in:2019 -in:2018",
        "after:2019 before:2020 -on:2019-05-01",
        "-in:2019",
        "-after:2020 -before:2019",
        "camera:nikon camera:canon -camera:nikon",
        'camera:nikon -camera:"nikon d90"',
        "-camera:nikon",
        'camera:nikon -camera:"=NIKON D70"',
        'camera:"=NIKON D70" -camera:"=NIKON D700"',
        "width:2000 -width:3000 height:3000 -height:4000",
        "orientation:portrait orientation:square -orientation:portrait",
    ],
)
def test_filters_that_leave_something_are_no_contradiction(text):
    assert read(text).filters


def test_a_filter_that_is_switched_off_contradicts_nothing():
    assert read("in:2019 -in:2019", ["-in:2019"]).filters
