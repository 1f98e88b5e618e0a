"""One spelling for each word."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.words.spelling import (
    base_forms,
    find_form,
    fold,
    normalise,
    sharp_spellings,
    singular,
    tidy,
    variants,
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Zebra", "zebra"),
        ("  hot\tDOG \n", "hot dog"),
        ("ping-pong", "ping pong"),
        ("snow_plow", "snow plow"),
        ("café", "cafe"),
        ("JALAPEÑO", "jalapeno"),
        ("Ørsted Łódź", "orsted lodz"),
        ("ÆGIR Straße", "aegir strasse"),
        ("carpenter's kit", "carpenters kit"),
        ("St. Bernard", "st bernard"),
        ("ﬁsh", "fish"),  # a ligature
        ("１２", "12"),  # full-width digits
        ("a\x00b", "a b"),
        ("🦓", ""),
        ("собака", "собака"),
        ("й", "й"),  # no Latin letter, so the mark is part of it
        ("が", "が"),
        ("हिन्दी", "हिन्दी"),
        ("", ""),
    ],
)
def test_fold_leaves_letters_digits_and_single_spaces(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_folded_text_has_no_case_and_no_outer_spaces(text: str) -> None:
    folded = fold(text)
    assert folded == " ".join(folded.split())
    assert not any(letter.isupper() for letter in folded if letter.isascii())


@pytest.mark.parametrize(
    ("plural", "one"),
    [
        ("griffins", "griffin"),
        ("mice", "mouse"),
        ("women", "woman"),
        ("puppies", "puppy"),
        ("foxes", "fox"),
        ("boxes", "box"),
        ("buses", "bus"),
        ("horses", "horse"),
        ("lenses", "lens"),
        ("wolves", "wolf"),
        ("geese", "goose"),
        ("skis", "ski"),
        ("hot dogs", "hot dog"),
        ("sea lions", "sea lion"),
    ],
)
def test_plurals_have_the_singular_of_english(plural: str, one: str) -> None:
    assert singular(plural) == one


@pytest.mark.parametrize(
    "word", ["bus", "gas", "christmas", "tennis", "scissors", "species", "news", "glass", "ass"]
)
def test_words_that_only_look_like_plurals_stay(word: str) -> None:
    assert singular(word) == word


@pytest.mark.parametrize(
    ("word", "spellings"),
    [
        ("hund", {"hund"}),
        ("straße", {"straße", "strasse"}),
        ("flussstrasse", {"flussstraße", "flußstrasse", "flussstrasse", "flußstraße"}),
    ],
)
def test_sharp_s_is_spelled_in_two_ways(word: str, spellings: set[str]) -> None:
    assert set(sharp_spellings(word)) == spellings


def test_a_long_word_has_few_spellings() -> None:
    assert len(list(sharp_spellings("ss" * 500))) == 16


def test_case_and_number_share_one_normal_form() -> None:
    assert {normalise(word) for word in ("Griffins", "griffin", " GRIFFIN ")} == {"griffin"}


@pytest.mark.parametrize(
    ("word", "normal"),
    [("Bär", "bär"), ("AÑOS", "año"), ("Straße", "straße"), ("cafe\u0301", "café")],
)
def test_the_normal_form_keeps_accents(word: str, normal: str) -> None:
    assert normalise(word) == normal


@given(st.text())
@example("\u0345")  # alone an accent, in capitals a letter
def test_keeping_accents_changes_nothing_else(text: str) -> None:
    assert fold(tidy(text)) == fold(text)
    assert tidy(tidy(text)) == tidy(text)


@given(st.text(st.characters(categories=["L", "N", "Z"])))
def test_normal_form_is_tidy(word: str) -> None:
    assert tidy(normalise(word)) == normalise(word)


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("colour", "color"),
        ("centre", "center"),
        ("grey", "gray"),
        ("plough", "plow"),
        ("tyre", "tire"),
        ("pyjama", "pajama"),
        ("moustache", "mustache"),
        ("cheque", "check"),
        ("jewellery", "jewelry"),
        ("aeroplane", "airplane"),
        ("catalogue", "catalog"),
        ("mould", "mold"),
    ],
)
def test_british_and_american_reach_each_other(british: str, american: str) -> None:
    assert american in variants(british)
    assert british in variants(american)


@pytest.mark.parametrize(
    ("form", "base"), [("running", "run"), ("baked", "bake"), ("grilled", "grill")]
)
def test_verbs_are_found_by_their_base(form: str, base: str) -> None:
    assert find_form(form, {base}) == base


def test_the_singular_comes_before_the_word_itself_and_its_other_forms() -> None:
    assert find_form("bananas", {"bananas", "banana"}) == "banana"
    assert find_form("coloured", {"coloured", "colour", "colored"}) == "coloured"


def test_several_words_are_no_form_of_other_several_words() -> None:
    assert list(base_forms("cat sleeping")) == ["cat sleeping", "cat sleeping"]


def test_an_unknown_word_has_no_form() -> None:
    assert find_form("plomfish", {"fish"}) is None


def test_only_past_tenses_lose_their_ending() -> None:
    assert "bake" in base_forms("baked") and "free" in base_forms("freed")
    assert "fin" not in base_forms("find") and "lea" not in base_forms("lead")
