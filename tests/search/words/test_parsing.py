"""A line of text to the names in it."""

import pytest

from indexer.errors import BadValue
from search.words.parsing import LONGEST_QUERY, Term, is_common, parse, parts_of_text, says_nothing

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
        ("“hot dog” «cat»", ["hot dog", "cat"]),
    ],
)
def test_longest_names_first_and_stop_words_dropped(text: str, found: list[str]) -> None:
    assert names(text) == found


@pytest.mark.parametrize(
    ("text", "common"),
    [
        ("The", True),
        ("in my", True),
        ("two?", True),
        ("the cat", False),
        ("thex", False),
        ("", False),
    ],
)
def test_words_that_are_too_common_are_told_from_unknown_ones(text: str, common: bool) -> None:
    assert is_common(text) is common


@pytest.mark.parametrize(
    ("text", "nothing"),
    [
        ("", True),
        ("in", True),
        ("my photos from and", True),
        ("Pictures taken with", True),
        ("show me everything", True),
        ("show me", True),
        ("show", False),
        ("photos of dogs", False),
        ("-photos", True),
    ],
)
def test_a_text_may_not_say_what_is_to_be_seen(text: str, nothing: bool) -> None:
    assert says_nothing(text) is nothing


def test_an_unknown_word_is_kept_in_normal_form() -> None:
    assert terms("dog Plomfishes") == [Term("dog", True), Term("plomfish", False)]


@pytest.mark.parametrize("minus", ["-", "−", "–"])
def test_a_minus_before_a_word_excludes_it(minus: str) -> None:
    assert terms(f"{minus}cat beach") == [Term("beach", True), Term("cat", True, excluded=True)]


@pytest.mark.parametrize("text", ["beach -hot-dog", 'beach -"hot dog"'])
def test_several_words_are_excluded_when_joined(text: str) -> None:
    assert terms(text)[1:] == [Term("hot dog", True, excluded=True)]


@pytest.mark.parametrize(
    "text",
    [
        "dog without cat or grass",
        "dog, no cat, nor grass",
        "dog except cat -grass",
        "dog excluding the cat or the grass",
        "neither cat nor grass",
        "no cat or -grass",
    ],
)
def test_words_that_exclude_go_on_with_or(text: str) -> None:
    assert [term.name for term in terms(text) if term.word != "dog"] == ["-cat", "-grass"]


def test_or_between_names_that_are_asked_for_excludes_none() -> None:
    assert [term.name for term in terms("cat or dog")] == ["cat", "dog"]
    assert [term.name for term in terms("no cat on grass or beach")] == ["grass", "beach", "-cat"]


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


@pytest.mark.parametrize(
    ("text", "excluded", "wanted", "unwanted"),
    [
        ("dog in snow", (), "dog in snow", []),
        ('blue -red -"fire engine"', ("red", "fire engine"), "blue", ["red", "fire engine"]),
        ('"dog sled" -', (), "dog sled -", []),
        ("a cat without a collar", ("collar",), "a cat", ["a collar"]),
        ("cat not dogs in snow", ("dog",), "cat in snow", ["dogs"]),
        ("no smoking", (), "no smoking", []),
        (
            "a dog without cats or a cup on grass",
            ("cat", "cup"),
            "a dog on grass",
            ["cats", "a cup"],
        ),
        ("neither cats nor cups", ("cat", "cup"), "", ["cats", "cups"]),
        ("cats or cups -“hot dog”", ("hot dog",), "cats or cups", ["hot dog"]),
        ("-red", ("red",), "", ["red"]),
    ],
)
def test_the_text_is_told_apart_from_what_it_excludes(
    text: str, excluded: tuple[str, ...], wanted: str, unwanted: list[str]
) -> None:
    assert parts_of_text(text, excluded) == (wanted, unwanted)


@pytest.mark.parametrize(
    ("text", "weights"),
    [
        ("2:dog beach", {"dog": 2.0, "beach": 1.0}),
        ('dog 0.5:"hot dog" cat', {"dog": 1.0, "hot dog": 0.5, "cat": 1.0}),
        ("3:hot dog cat", {"hot dog": 3.0, "cat": 1.0}),
        ("2:dog 3:dogs dog", {"dog": 2.0}),
        ("3:dogs -2:cat", {"dog": 3.0, "cat": 1.0}),
        ("dog not 2:cat", {"dog": 1.0, "cat": 1.0}),
        ("dog .5:cat", {"dog": 1.0, "cat": 0.5}),
        ("16:9 dog", {"16": 1.0, "9": 1.0, "dog": 1.0}),
    ],
)
def test_a_number_before_a_colon_weighs_a_word(text: str, weights: dict[str, float]) -> None:
    assert {term.word: term.weight for term in terms(text)} == weights


@pytest.mark.parametrize("text", ["0:dog", "101:dog", "0.001:dog", "99999999999999999999:dog"])
def test_a_weight_that_makes_no_sense_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(BadValue, match=r"not from \.01 to 100") as caught:
        terms(text)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 120


@pytest.mark.parametrize(
    ("text", "instead"),
    [("2:-dog", "-dog"), ('cat 0.5:-"hot dog"', '-"hot dog"'), ("2:–dog beach", "–dog")],
)
def test_what_is_left_out_has_no_weight(text: str, instead: str) -> None:
    with pytest.raises(BadValue, match="what is left out has no weight") as caught:
        terms(text)
    assert str(caught.value).endswith(f"write {instead}")


def test_a_network_reads_the_text_without_its_weights() -> None:
    assert parts_of_text('2:dog 3:"hot dog" 16:9 -2:cat') == ("dog hot dog 16:9", ["cat"])
