"""Filters in the text of a search, and what they mean."""

from datetime import date

import pytest

from indexer.errors import BadValue
from indexer.filters import (
    AtLeast,
    Exactly,
    FileNamed,
    Forbidden,
    InFolder,
    OfFormat,
    Oriented,
    Required,
    Taken,
    TakenWith,
)
from search.filters.asked import Asked
from search.filters.conditions import from_values, read_filters
from search.filters.written import split

TODAY = date(2024, 3, 6)


def names(text, taught=()):
    words, asked = split(text, taught)
    return words, [one.name for one in asked]


@pytest.mark.parametrize(
    ("text", "words", "filters"),
    [
        ('dog camera:"iphone 7" grass', "dog grass", ["camera:iphone 7"]),
        ("-Folder:holiday dog", "dog", ["-folder:holiday"]),
        ("format:heic", "", ["format:heic"]),
        ("after:2019-05 before:2020", "", ["after:2019-05", "before:2020"]),
        ("in:2019 in:2019 dog", "dog", ["in:2019"]),
        ('in:"summer 2019"', "", ["in:summer 2019"]),
        ("dogs 2019", "dogs", ["in:2019"]),
        ("dogs in 2019, with snow", "dogs in with snow", ["in:2019"]),
        ("Summer of 2019 beach", "beach", ["in:Summer of 2019"]),
        ("beach last month", "beach", ["in:last month"]),
        ("Christmas 2023", "", ["in:Christmas 2023"]),
        ("before 2019 dog", "dog", ["before:2019"]),
        ("dog since may 2019", "dog", ["after:may 2019"]),
        ("dog not 2019", "dog", ["-in:2019"]),
        ("dog -2019", "dog", ["-in:2019"]),
        ("2018-2020 dog", "dog", ["in:2018-2020"]),
        ("dog between 2018 and 2020", "dog", ["in:between 2018 and 2020"]),
        ("2019-12-24", "", ["in:2019-12-24"]),
        ("the 1990s", "the", ["in:1990s"]),
        ("dogs from may 2018 to june 2019", "dogs", ["in:from may 2018 to june 2019"]),
        ("2019-01-01 to 2019-03-01 dog", "dog", ["in:2019-01-01 to 2019-03-01"]),
        ("the day before yesterday", "", ["in:the day before yesterday"]),
        ("beach last weekend", "beach", ["in:last weekend"]),
        ("dogs 3 days ago", "dogs", ["in:3 days ago"]),
        ("christmas last year", "", ["in:christmas last year"]),
        ("this year's dogs", "dogs", ["in:this year's"]),
        ("summer '19", "", ["in:summer '19"]),
        ("dog (2019)", "dog", ["in:2019"]),
        ("dog 2018, 2019", "dog", ["in:2018", "in:2019"]),
        ("dog not camera:nikon", "dog", ["-camera:nikon"]),
        ('without camera:"iphone 7"', "", ["-camera:iphone 7"]),
        ("dog except 2019", "dog", ["-in:2019"]),
        ("dog not in 2019", "dog", ["-in:2019"]),
        ("dog not taken in the 1990s", "dog", ["-in:1990s"]),
        ("dog not during (summer 2019)", "dog", ["-in:summer 2019"]),
        ("neither in 2018 nor in 2019", "", ["-in:2018", "-in:2019"]),
        ("dog not 2018 or 2019", "dog", ["-in:2018", "-in:2019"]),
        ("not camera:nikon or camera:canon dog", "dog", ["-camera:nikon", "-camera:canon"]),
        ("dog 2018 or 2019", "dog or", ["in:2018", "in:2019"]),
        ("dog since 2018 until 2020", "dog", ["in:2018 until 2020"]),
        ("this may be a dog", "this may be a dog", []),
        ("camera:“iphone 7” “2019”", '"2019"', ["camera:iphone 7"]),
        ("name:'my cat' dog", "dog", ["name:my cat"]),
        ("near:'s-Hertogenbosch", "", ["near:'s-Hertogenbosch"]),
    ],
)
def test_filters_and_dates_are_found(text, words, filters):
    assert names(text) == (words, filters)


@pytest.mark.parametrize(
    "text",
    [
        '"2019" sign',
        '-"summer 2019"',
        "christmas tree",
        "summer",
        "dog until 2019",
        "may",
        "12019 or 20195",
        "camera: nikon",
        "http://in:2019",
        '"year:2019"',
        "file:///home",
        "year: 1",
        "type:",
        "3019",
        "last supper",
        "today's dog",
        "dog until may 2019",
        "sunday",
        "march of the 3 penguins",
        "3 to 5",
        "new year",
        "1/2000",
        "1234-56",
        "weekend",
        "3 days",
        "16:9",
    ],
)
def test_what_is_no_filter_stays_as_it_is(text):
    assert names(text) == (text, [])


def test_a_date_that_was_taught_as_a_word_stays_a_word():
    taught = {"1984", "expo 2000", "last year"}
    assert names("1984 cover", taught) == ("1984 cover", [])
    assert names("expo 2000 in 2000", taught) == ("expo 2000 in", ["in:2000"])
    assert names("Last Year", taught) == ("Last Year", [])
    assert names("in:1984", taught) == ("", ["in:1984"])


def test_a_filter_keeps_the_text_that_was_typed():
    _, (camera, year) = split('-camera:"iPhone 7" before  2019', ())
    assert camera == Asked("camera", "iPhone 7", True, '-camera:"iPhone 7"')
    assert year == Asked("before", "2019", False, "before 2019")


def test_a_missing_quotation_mark_is_told():
    with pytest.raises(BadValue, match="lacks a closing quotation mark"):
        split('camera:"iphone 7', ())


def read(text, off=()):
    return read_filters(split(text, ())[1], TODAY, off)


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("after:2019-05", [Required((Taken("2019-05-01", None),))]),
        ("before:2020", [Required((Taken(None, "2020-01-01"),))]),
        ("after:2018 before:2020 after:2019", [Required((Taken("2019-01-01", "2020-01-01"),))]),
        ("on:2019-12-24", [Required((Taken("2019-12-24", "2019-12-25"),))]),
        ("-in:2019", [Forbidden(Taken("2019-01-01", "2020-01-01"))]),
        ("last month", [Required((Taken("2024-02-01", "2024-03-01"),))]),
        ("camera:nikon camera:canon", [Required((TakenWith("nikon"), TakenWith("canon")))]),
        ("folder:a name:b", [Required((InFolder("a"),)), Required((FileNamed("b"),))]),
        ('camera:"=NIKON D90"', [Required((Exactly("camera", "NIKON D90"),))]),
        ('-place:="Lisbon, Portugal"', [Forbidden(Exactly("place", "Lisbon, Portugal"))]),
        (
            "folder:=/photos/a/ folder:=/",
            [Required((Exactly("folder", "/photos/a"), Exactly("folder", "/")))],
        ),
        ("name:=x camera:=", [Required((FileNamed("=x"),)), Required((TakenWith("="),))]),
        ("format:HEIC", [Required((OfFormat("heif"),))]),
        ("format:.jpg", [Required((OfFormat("jpeg"),))]),
        ("width:3000", [Required((AtLeast("width", 3000),))]),
        ("-height:200px", [Forbidden(AtLeast("height", 200))]),
        (
            "orientation:Portrait orientation:square",
            [Required((Oriented("portrait"), Oriented("square")))],
        ),
        ("-orientation:landscape", [Forbidden(Oriented("landscape"))]),
    ],
)
def test_filters_become_conditions(text, filters):
    assert list(read(text).filters) == filters


def test_a_filter_that_is_switched_off_is_told_and_does_not_count():
    found = read("in:2019 camera:x", ["in:2019"])
    assert {part.part: part.off for part in found.parts} == {"in:2019": True, "camera:x": False}
    assert found.filters == (Required((TakenWith("x"),)),)


def test_a_filter_says_what_it_was_taken_for():
    meant = [part.meaning for part in read("summer 2019 after:2019 on:2019-06-07 -camera:x").parts]
    assert meant == [
        "from 2019-06-01 to 2019-08-31",
        "from 2019-01-01 on",
        "on 2019-06-07",
        "camera with 'x' in its name",
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("after:2019-02-30", "after:2019-02-30: there is no day"),
        ("in:someday", "in:someday: 'someday' is not a date"),
        ("after:2020 before:2019", "no day is both after:2020 and before:2019"),
        ("after:2020 before:2020", "no day is both"),
        ("format:jpge", "there is no format 'jpge': try jpg"),
        ("format:qqqqq", "there is no format 'qqqqq': try arw"),
        ("width:big", "width:big is not a number of pixels: write width:3000"),
        ("orientation:tall", "orientation:tall is not .*: write portrait, landscape, square"),
        ("name:a/b", "no file name has a '/' in it: write folder:a/b"),
        ("camera:=" + "x" * 400, "has 401 characters: give at most 400"),
        ('camera:="NIKON', "lacks a closing quotation mark"),
        ("name:" + "x" * 101, "has 101 characters: give at most 100"),
    ],
)
def test_bad_values_are_told(text, why):
    with pytest.raises(BadValue, match=why):
        read(text)


def test_filters_apart_from_the_words_are_the_same():
    given = from_values({"camera": ["nikon", "canon"], "after": "2019"})
    assert [one.name for one in given] == ["camera:nikon", "camera:canon", "after:2019"]
    with pytest.raises(BadValue, match="there is no filter 'planet'"):
        from_values({"planet": "Mars"})


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("year:2019 dog", "there is no filter 'year': write in:2019"),
        ('dog -City:"new york"', "there is no filter 'City': write -place:\"new york\""),
        ("type:heic", "write format:heic"),
        ("file:IMG_1", "write name:IMG_1"),
        ("camera:x album:y", "write folder:y"),
    ],
)
def test_the_name_of_a_filter_is_told_where_another_one_is_used(text: str, why: str) -> None:
    with pytest.raises(BadValue) as caught:
        split(text, ())
    assert str(caught.value).endswith(why)


@pytest.mark.parametrize(
    ("text", "instead"),
    [("dog 2:in:2019", "in:2019"), ('2:-camera:"iphone 7"', '-camera:"iphone 7"')],
)
def test_a_filter_has_no_weight(text: str, instead: str) -> None:
    with pytest.raises(BadValue, match="a filter has no weight") as caught:
        split(text, ())
    assert str(caught.value).endswith(f"write {instead}")
