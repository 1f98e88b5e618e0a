"""The table of expansions."""

import re

import numpy as np
import pytest

from indexer import imagenet
from search.words import Thesaurus
from search.words.spelling import fold
from search.words.table import REASONS, WEAKEST, Table

TENCH, GOLDFISH = "n01440764", "n01443537"


@pytest.fixture
def small() -> Table:
    """Two words, three labels each: gaps down the columns, codes of reason and weight."""
    gaps = np.array([[0, 1], [1, 1], [5, 900]], np.uint16)
    codes = np.array([[0, 1 << 5 | 3], [3, WEAKEST], [WEAKEST, 2 << 5 | 6]], np.uint8)
    return Table(("pond", "bowl"), imagenet.classes(), gaps, codes)


def test_weights_halve_every_three_steps_and_the_weakest_is_none(small: Table) -> None:
    assert small.expand("pond").weights == {TENCH: 1.0, GOLDFISH: 0.5}


def test_labels_are_the_sums_of_their_gaps(small: Table) -> None:
    assert list(small.expand("bowl").weights) == [GOLDFISH, imagenet.classes()[902]]


def test_reasons_name_the_word(small: Table) -> None:
    assert small.expand("pond").reasons[TENCH] == "near pond in WordNet"
    assert small.expand("bowl").reasons[GOLDFISH] == "found around bowl"


def test_only_its_words_are_in_the_table(small: Table) -> None:
    assert "pond" in small
    assert "lake" not in small
    with pytest.raises(KeyError):
        small.expand("lake")


def test_every_bundled_word_is_folded_and_once_in_the_table(words: Thesaurus) -> None:
    assert all(fold(word) == word for word in words.table.words)
    assert len(set(words.table.words)) >= 0.99 * len(words.table.words)


def test_every_name_in_the_tree_has_an_expansion(words: Thesaurus) -> None:
    missing = [name for name in words.tree.names if name not in words.table]
    assert len(missing) < 0.03 * len(words.tree.names)


def test_every_expansion_has_weights_up_to_one_and_a_known_reason(words: Thesaurus) -> None:
    patterns = re.compile("|".join(re.escape(reason).replace(r"\{\}", ".+") for reason in REASONS))
    for word in words.table.words[::97]:
        expansion = words.table.expand(word)
        assert 0 < len(expansion.weights) <= 64, word
        assert max(expansion.weights.values()) == 1.0, word
        assert all(patterns.fullmatch(reason) for reason in expansion.reasons.values()), word
