"""What a word cannot mean by its kind, and what it can: people are not animals, mice rodents."""

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from indexer.kinds import Kind
from search.words import Thesaurus
from search.words.tree import Tree

sys.path.insert(0, str(Path(__file__).parents[3] / "scripts" / "words"))

import wordnet

PERSON, ANIMAL, BIRD, RODENT, FISH = (
    *("n00007846", "n00015388", "n01503061", "n02329401", "n02512053"),
)
PEOPLE = """man men woman boy girl child people friend guy gentleman uncle brother sister mother
    daughter son mayor king bride soldier policeman farmer doctor teacher lawyer president minister
    teenager crowd team family couple batsman spokesman leader""".split()  # noqa: SIM905
BIRDS = ("wren", "starling", "nightingale", "sand martin")
HEAVY = 0.2


def heaviest(words: Thesaurus, text: str) -> dict[str, float]:
    """The labels of a word that count, the heaviest of all 1."""
    (part,) = words.understand(text).parts
    most = max(part.labels.values(), default=1)
    return {wnid: value / most for wnid, value in part.labels.items() if value >= HEAVY * most}


@pytest.mark.parametrize("word", PEOPLE)
def test_people_are_not_taken_for_animals(words: Thesaurus, word: str) -> None:
    animals = {*words.tree.below(ANIMAL)} - {*words.tree.below(PERSON)}
    found = heaviest(words, word).keys() & animals
    assert not found, [words.tree.labels[wnid] for wnid in found]


def test_people_with_animals_keep_them(words: Thesaurus) -> None:
    dogs = {*words.tree.below("n02084071")}
    assert heaviest(words, "shepherd").keys() & dogs


@pytest.mark.parametrize("word", BIRDS)
def test_birds_without_a_label_are_other_birds(words: Thesaurus, word: str) -> None:
    best = heaviest(words, word)
    birds = best.keys() & {*words.tree.below(BIRD)}
    assert len(birds) >= 0.7 * len(best)


@pytest.mark.parametrize("word", ["mouse", "mice"])
def test_mice_are_rodents_before_they_are_those_of_computers(words: Thesaurus, word: str) -> None:
    (part,) = words.understand(word).parts
    (computer,) = words.tree.closure("computer mouse")
    rodents = words.tree.below(RODENT)
    assert all(part.labels[wnid] > part.labels[computer] > 0 for wnid in rodents)
    assert {words.understand(word).parts[0].kinds[wnid] for wnid in rodents} == {Kind.RELATED}


def test_a_word_for_two_things_finds_both(words: Thesaurus) -> None:
    best = heaviest(words, "bass")
    assert best.keys() & words.tree.closure("fish").keys()
    assert best.keys() & words.tree.closure("musical instrument").keys()


@pytest.mark.parametrize("word", ["bat", "bats", "team", "batsman", "playing field"])
def test_a_game_is_not_the_insect_of_its_name(words: Thesaurus, word: str) -> None:
    assert not heaviest(words, word).keys() & words.tree.closure("cricket").keys()


@pytest.mark.parametrize("word", ["dice", "uncle", "boy", "sister"])
def test_what_no_label_shows_is_not_familiar(words: Thesaurus, word: str) -> None:
    assert not words.understand(word).familiar


@pytest.fixture(scope="module")
def kinds(tree: Tree) -> Any:
    """The kinds of two words in a WordNet of a few synsets."""
    known = wordnet.WordNet()

    def add(id_: str, parent: str, gloss: str) -> None:
        parents = (("@", parent),) if parent else ()
        known.synsets[id_] = wordnet.Synset(id_, (id_,), parents, gloss)

    for id_, parent in ((ANIMAL, ""), (FISH, ANIMAL), ("n02554730", FISH), (PERSON, "")):
        add(id_, parent, "a kind")
    add("n90000001", "n02554730", "a fish of the sea")
    add("n90000002", "", "the lean flesh of that fish")
    add("n90000003", PERSON, "a low voice")
    add("n90000004", "", "a tone")
    known.senses["bass"]["n"] = [
        *(("n90000004", 1), ("n90000003", 0), ("n90000002", 0), ("n90000001", 0)),
    ]
    known.senses["singer"]["n"] = [("n90000003", 3)]
    return import_module("09_kinds").Kinds(known, tree)


def test_an_animal_counts_with_its_flesh_as_far_as_it_is_meant(kinds: Any, tree: Tree) -> None:
    share, near = kinds.animals("bass")
    assert share == pytest.approx(2 / 5)
    names = {list(tree.labels.values())[label] for label in near}
    assert names == {tree.labels[label] for label in tree.below("n02554730")}
    assert list(near.values()) == pytest.approx([share] * len(near))


def test_a_person_is_not_an_animal(kinds: Any) -> None:
    assert kinds.animals("singer") == (0.0, {})
    assert kinds.share("singer", PERSON) == 1.0
    assert kinds.share("bass", PERSON) == pytest.approx(1 / 5)
    assert kinds.share("unheard", PERSON) == 0.0
