"""How the word data is built: what a word is a kind of, and what only sounds like a label."""

import sys
from pathlib import Path

import numpy as np
import pytest

from search.words.tree import Tree

sys.path.insert(0, str(Path(__file__).parents[3] / "scripts" / "words"))

import kinship
import spelled
import wordnet

HORSE, SORREL, CAT, FELINE = "n02374451", "n02389026", "n02121808", "n02120997"
PONY, KITTEN, FRIEND, STEED = "n90000001", "n90000002", "n90000003", "n90000004"


def synset(name: str, parent: str, gloss: str, id_: str = "") -> wordnet.Synset:
    return wordnet.Synset(id_, (name,), (("@", parent),) if parent else (), gloss)


@pytest.fixture(scope="module")
def kin(tree: Tree) -> kinship.Kinship:
    """The bundled tree, and a WordNet of four words."""
    words = wordnet.WordNet()
    words.synsets = {
        PONY: synset("pony", HORSE, "any of various breeds of small gentle horses"),
        STEED: synset("steed", PONY, "a spirited one"),
        KITTEN: synset("kitten", FRIEND, 'young domestic cat; "a litter of kittens"'),
        FRIEND: synset("friend", "", "somebody liked"),
        HORSE: synset("horse", "", "solid-hoofed herbivorous quadruped"),
    }
    for name, senses in (
        ("pony", [(PONY, 3), (FRIEND, 0)]),
        ("steed", [(STEED, 0)]),
        ("kitten", [(KITTEN, 1)]),
        ("friend", [(FRIEND, 9)]),
    ):
        words.senses[name]["n"] = senses
    return kinship.Kinship(words, tree)


def test_a_word_is_a_kind_of_what_lies_above_its_meanings(kin: kinship.Kinship) -> None:
    assert 0 < kin.things("steed")[HORSE] < kin.things("pony")[HORSE] <= 1


def test_a_definition_names_what_a_word_is_a_kind_of(kin: kinship.Kinship, tree: Tree) -> None:
    (thing,) = kin.things("kitten")
    assert {tree.labels[label] for label in tree.below(thing)} >= {"tabby", "Persian cat"}


def test_a_word_above_and_in_whose_definition_is_nothing_has_no_kin(kin: kinship.Kinship) -> None:
    assert kin.things("friend") == {}
    assert kin.things("unheard") == {}


def test_kin_counts_only_where_the_encoder_agrees(kin: kinship.Kinship, tree: Tree) -> None:
    sorrel = list(tree.labels).index(SORREL)
    far, near = np.zeros(1000, np.float32), np.zeros(1000, np.float32)
    near[sorrel] = kinship.FULL_Z
    assert not kin.expand("pony", far).any()
    assert kin.expand("pony", near)[sorrel] > 0.5
    assert np.flatnonzero(kin.expand("pony", near)).tolist() == [sorrel]


def test_words_that_share_letters_are_spelled_alike(tree: Tree) -> None:
    names = list(tree.labels.values())
    alike = spelled.Spelled().alike(["spanner", "deer", "banana", "xq"])
    assert alike.shape == (4, 1000)
    assert alike[0, names.index("cocker spaniel")] > 0.3 > alike[0, names.index("screwdriver")]
    assert alike[1, names.index("Scottish deerhound")] > 0.4
    assert alike[2, names.index("banana")] == 1.0 == alike.max()
    assert alike[3].max() < 0.3
