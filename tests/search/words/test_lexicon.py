"""Which words are known, and which known one an unknown one may have meant."""

import pytest

from search.words.lexicon import Lexicon

NAMED = ("hair dryer", "flowerpot", "banana", "zebra", "grille", "griffin")
FREQUENT = ("banana", "bananas", "grill", "zebra", "guitar", "guitarist", "colour")


@pytest.fixture
def lexicon() -> Lexicon:
    return Lexicon(NAMED, FREQUENT)


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("zebra", "zebra"),
        ("zebras", "zebra"),
        ("hairdryer", "hair dryer"),
        ("hair dryers", "hair dryer"),
        ("flower pot", "flowerpot"),
        ("flower pots", "flowerpot"),
        ("color", "colour"),
        ("plomfish", None),
        ("", None),
    ],
)
def test_known_names_are_found_in_any_spelling(
    lexicon: Lexicon, phrase: str, name: str | None
) -> None:
    assert lexicon.find(phrase) == name


def test_a_label_comes_before_a_word_that_is_written_like_its_plural(lexicon: Lexicon) -> None:
    assert lexicon.find("bananas") == "banana"


def test_the_nearer_form_comes_before_a_label_of_a_farther_one(lexicon: Lexicon) -> None:
    assert lexicon.find("grilled") == "grill"


def test_taught_names_come_first(lexicon: Lexicon) -> None:
    assert lexicon.find("bananas", taught={"bananas"}) == "bananas"
    assert lexicon.find("my dog rexes", taught={"my dog rex"}) == "my dog rex"


def test_words_of_other_vectors_count(lexicon: Lexicon) -> None:
    assert lexicon.find("foos", carries=lambda word: word == "foo") == "foo"


def test_completion_is_by_frequency_with_taught_words_first(lexicon: Lexicon) -> None:
    assert lexicon.complete("gui", 5) == ["guitar", "guitarist"]
    assert lexicon.complete("gui", 2, {"guild", "x"}) == ["guild", "guitar"]
    assert lexicon.complete("xyz", 5) == []


def test_completion_leaves_out_plurals_and_phrases_that_are_not_labels() -> None:
    words = ("waters", "water", "water company", "watered", "one", "on air", "onion")
    lexicon = Lexicon(("water bottle", "water tower"), words)
    assert lexicon.complete("water", 10) == ["water bottle", "water tower", "water"]
    assert lexicon.complete("water", 2) == ["water bottle", "water"]
    assert lexicon.complete("on", 10) == ["onion"]


def test_misspelt_words_suggest_what_they_resemble(lexicon: Lexicon) -> None:
    assert lexicon.alike("zebrra", 3) == ["zebra"]
    assert lexicon.alike("zebar", 3) == ["zebra"]
    assert lexicon.alike("guitarrist", 1) == ["guitarist"]
    assert lexicon.alike("asdfgh", 3) == []
    assert lexicon.alike("pikachoo", 3, ["pikachu"]) == ["pikachu"]


def test_letters_of_one_sound_agree(lexicon: Lexicon) -> None:
    assert lexicon.sounds_like("gryphon", 3) == ["griffin"]
