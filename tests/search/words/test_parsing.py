"""A line of text to the names in it."""

import pytest

from indexer.errors import BadValue
from search.words.parsing import LONGEST_QUERY, Term, parse

KNOWN = {"hot dog", "dog", "grass", "cup", "coffee", "cat", "jack in the box", "picture", "beach"}


def names(text: str) -> list[str]:
    return [term.word for term in parse(text, lambda name: name if name in KNOWN else None)]


def terms(text: str) -> list[Term]:
    return parse(text, lambda name: name if name in KNOWN else None)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("dog on grass", ["dog", "grass"]),
        ("cup of coffee", ["cup", "coffee"]),
        ("hot dog", ["hot dog"]),
        ("Hot-Dog", ["hot dog"]),
        ("a picture of the dog", ["dog"]),
        ("picture", ["picture"]),
        ("jack in the box", ["jack in the box"]),
        ("dog dog", ["dog"]),
        ("", []),
        ("  \t\n", []),
        ("the of and", []),
        ("two dogs", ["dog"]),
        ("dog in front of a cat", ["dog", "cat"]),
        ("- -- ---", []),
        ('"hot dog" "cat"', ["hot dog", "cat"]),
    ],
)
def test_longest_names_first_and_stop_words_dropped(text: str, found: list[str]) -> None:
    assert names(text) == found


def test_an_unknown_word_is_kept_in_normal_form() -> None:
    assert terms("dog Plomfishes") == [Term("dog", True), Term("plomfish", False)]


@pytest.mark.parametrize("minus", ["-", "−", "–"])
def test_a_minus_before_a_word_excludes_it(minus: str) -> None:
    assert terms(f"{minus}cat beach") == [Term("beach", True), Term("cat", True, excluded=True)]


@pytest.mark.parametrize("text", ["beach -hot-dog", 'beach -"hot dog"'])
def test_several_words_are_excluded_when_joined(text: str) -> None:
    assert terms(text)[1:] == [Term("hot dog", True, excluded=True)]


def test_a_minus_binds_to_one_word_only() -> None:
    excluded = [term.word for term in terms("-hot dog") if term.excluded]
    assert excluded == ["hot"]


def test_a_hyphen_inside_a_word_joins() -> None:
    assert not any(term.excluded for term in terms("dog hot-dog"))


def test_a_query_that_is_too_long_is_refused_in_one_short_line() -> None:
    with pytest.raises(BadValue, match="at most 1000") as caught:
        terms("x" * (LONGEST_QUERY + 1))
    assert len(str(caught.value)) < 120
    assert terms("x" * LONGEST_QUERY)
