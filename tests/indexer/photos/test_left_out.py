"""How people are told of files that were left out."""

import pytest

from indexer.photos import left_out
from indexer.photos.formats import FAMILIES
from indexer.photos.formats.family import Family, Format
from indexer.photos.left_out import NO_ENDING, by_ending, in_words
from indexer.records import LeftOut

FILMS = Family(
    formats=(Format("film", "video/mp4", b"...."),),
    endings=(".mp4", ".mov"),
    open=lambda file, format_: pytest.fail("nobody opens it"),
    extra="film",
    package="a_package_that_nobody_has",
)


def test_folders_add_up_most_first():
    given = [LeftOut("/a", ".txt", 3), LeftOut("/b", ".mp4", 2), LeftOut("/a", ".mp4", 9)]
    assert list(by_ending([*given, LeftOut("/c", ".aae", 3)]).items()) == [
        (".mp4", 11),
        (".aae", 3),
        (".txt", 3),
    ]


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ({".mp4": 1}, "1 .mp4"),
        ({".mp4": 1280, NO_ENDING: 32}, "1,280 .mp4, 32 without an ending"),
        (
            {f".{n}": 9 - n for n in range(7)},
            "9 .0, 8 .1, 7 .2, 6 .3, 5 .4, 4 .5 and 3 others",
        ),
        ({f".{n}": 1 for n in range(7)}, "1 .0, 1 .1, 1 .2, 1 .3, 1 .4, 1 .5 and 1 other"),
    ],
)
def test_a_line_names_the_most_common_endings(numbers, words):
    assert in_words(numbers) == words


def test_what_would_read_them_is_named_unless_it_is_installed(monkeypatch):
    monkeypatch.setattr(left_out, "FAMILIES", (*FAMILIES, FILMS))
    line = "2 .mp4 (pip install 'magpie-search[film]'), 1 .txt"
    assert in_words({".mp4": 2, ".txt": 1}) == line
    monkeypatch.setattr(left_out, "FAMILIES", FAMILIES)
    assert in_words({".jpg": 2}) == "2 .jpg"
