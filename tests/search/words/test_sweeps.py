"""Whole kinds of words: plurals of nouns in the tree and of common words, and slips of the keys."""

from importlib import resources

import pytest
from words.common import plural

from search.words import Thesaurus
from search.words.spelling import singular

COMMON = 5_000
PHOTO_WORDS, EVERY = 1_000, 20
"""The commonest names in the tree, of which every twentieth is misspelt, because it takes long."""

OWN_MEANING = frozenset(
    """ax bar brake fixing glass hankie hydraulic+brake indri lense make+up pant shade sunglass wood
    work""".split()  # noqa: SIM905
)
"""Nouns in the tree whose plural is another word ("glasses"), or that are spelled in two ways."""


def parted(words: Thesaurus, names: list[str]) -> dict[str, str | None]:
    """Return the names that their plural does not find, and what it finds instead."""
    singulars = [name for name in names if singular(name) == name]
    assert len(singulars) > 0.9 * len(names)
    found = {name: words.lexicon.find(plural(name)) for name in singulars}
    return {name: other for name, other in found.items() if other != words.lexicon.find(name)}


def test_the_plural_of_every_noun_in_the_tree_finds_what_the_noun_finds(words: Thesaurus) -> None:
    names = sorted(words.tree.names)
    assert len(names) > 3_000
    assert {name.replace(" ", "+") for name in parted(words, names)} <= OWN_MEANING


def test_the_plural_of_common_words_finds_what_they_find(words: Thesaurus) -> None:
    different = parted(words, list(words.lexicon.names[:COMMON]))
    others = {name for name, other in different.items() if other is not None}
    assert len(others) <= 30  # "works", "glasses", "news"
    lost = different.keys() - others  # hardly a noun among them: "variouses", "come ons"
    assert len(lost) <= 0.01 * COMMON


@pytest.mark.parametrize(
    ("text", "name"),
    [("church services", "church service"), ("disc brakes", "disc brake"), ("bats", "bat")],
)
def test_the_last_word_of_a_name_may_be_a_plural_that_is_another_word(
    words: Thesaurus, text: str, name: str
) -> None:
    assert words.lexicon.find(text) == name


def test_letters_in_wrong_order_suggest_the_word_that_was_meant(words: Thesaurus) -> None:
    names = words.lexicon.names
    common = [name for name in names if name in words.tree.names and name.isalpha()]
    meant = [name for name in common if len(name) > 3][:PHOTO_WORDS][::EVERY]
    slips = [(swapped(name, number), name) for number, name in enumerate(meant)]
    unknown = [(slip, name) for slip, name in slips if not words.lexicon.find(slip)]
    found = [name in words.understand(slip).suggestions for slip, name in unknown]
    assert len(found) > 40 and sum(found) >= 0.95 * len(found)


def swapped(word: str, number: int) -> str:
    """Exchange two neighbouring letters that differ, elsewhere in each word."""
    places = [at for at in range(len(word) - 1) if word[at] != word[at + 1]]
    at = places[number % len(places)]
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def test_nothing_that_may_be_suggested_is_a_slur(words: Thesaurus) -> None:
    data = resources.files("search.words.data").joinpath("offensive.txt")
    slurs = set(data.read_text(encoding="utf-8").split("\n")) - {""}
    assert len(slurs) > 50 and not slurs & set(words.lexicon.suggested)
