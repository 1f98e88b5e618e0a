"""What labels add up to under their ancestors, to the last bit."""

import random
from fractions import Fraction

import numpy as np
import pytest

from indexer import imagenet
from indexer.imagenet.ancestors import (
    LEAST,
    SMALLEST,
    WIDEST,
    add_up,
    as_stored,
    beside,
    labels_under,
    probable_names,
    spelled_out,
)
from indexer.imagenet.tree import tree_data
from search.words.tree import load_tree

DOG, ANIMAL, ENTITY, RETRIEVER = "n02084071", "n00015388", "n00001740", "n02099029"
GOLDEN, LABRADOR, TABBY, ESPRESSO = "n02099601", "n02099712", "n02123045", "n07920052"


def quantised(number: float) -> float:
    return float(imagenet.quantise(np.float32([number]))[0])


def random_labels(seed: int) -> dict[str, float]:
    """Fifty labels, from sure ones to such as are next to impossible."""
    rng = random.Random(seed)
    wnids = rng.sample(imagenet.classes(), 50)
    numbers = [rng.random() ** rng.choice([1, 8, 60]) / 25 for _ in wnids]
    return {w: quantised(p) for w, p in zip(wnids, numbers, strict=True) if p > 1e-37}


def test_labels_add_up_under_each_ancestor() -> None:
    found = add_up({GOLDEN: 0.5, LABRADOR: 0.125, TABBY: 0.25, ESPRESSO: 0.0625})
    assert found[RETRIEVER] == found[DOG] == 0.625
    assert found[ANIMAL] == 0.875 and found[ENTITY] == 0.9375
    assert next(iter(found)) == ENTITY and list(found.values()) == sorted(found.values())[::-1]


def test_the_wider_of_two_equal_ancestors_comes_first() -> None:
    found = list(add_up({GOLDEN: 0.5}))
    assert found.index(ANIMAL) < found.index(DOG) < found.index(RETRIEVER)


@pytest.mark.parametrize("seed", range(20))
def test_sums_are_those_of_exact_fractions_cut_like_labels(seed: int) -> None:
    labels = random_labels(seed)
    found = add_up(labels)
    for synset in tree_data()["ancestors"]:
        under = [labels[wnid] for wnid in labels_under(synset) if wnid in labels]
        exact = float(sum(Fraction(p) for p in under if p >= SMALLEST))
        cut = quantised(exact)
        wanted = cut if cut >= LEAST and labels_under(synset) else 0.0
        assert found.get(synset, 0.0) == wanted


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_labels_changes_no_bit(seed: int) -> None:
    labels = list(random_labels(seed).items())
    assert add_up(dict(labels)) == add_up(dict(reversed(labels)))
    assert list(add_up(dict(labels))) == list(add_up(dict(reversed(labels))))


def test_an_ancestor_of_one_label_is_left_out_and_so_is_what_is_unlikely() -> None:
    tree = load_tree()
    lonely = {one for one in tree_data()["ancestors"] if len(tree.below(one)) == 1}
    assert lonely and not any(map(labels_under, lonely))
    assert not lonely & add_up(dict.fromkeys(imagenet.classes(), 0.0078125)).keys()
    assert add_up({GOLDEN: LEAST / 2}) == {} and add_up({}) == {}
    assert add_up({"n99999999": 0.5}) == {}  # no class


def test_what_is_kept_is_what_elasticsearch_keeps() -> None:
    sums = np.array([0.7001, 0.3, LEAST * 0.99, 0.0])
    kept = as_stored(sums)
    assert kept.tolist() == [quantised(0.7001), quantised(0.3), 0.0, 0.0]
    assert kept.dtype == np.float32


def test_the_labels_under_an_ancestor_are_those_of_the_words() -> None:
    tree = load_tree()
    below = {one: tree.below(one) for one in tree_data()["ancestors"]}
    assert all(list(labels_under(one)) == some for one, some in below.items() if len(some) > 1)
    assert labels_under(GOLDEN) == () == labels_under("n99999999")


def test_names_are_of_probable_ancestors_that_say_something() -> None:
    names = probable_names(add_up({GOLDEN: 0.75, TABBY: 0.125}))
    assert names.index("animal") < names.index("dog") < names.index("retriever")
    assert not {"entity", "physical entity", "object", "whole"} & {*names}
    assert len(names) == len({*names}) and "feline" not in names
    assert len(labels_under(ANIMAL)) < WIDEST < len(labels_under(ENTITY))


def test_weights_of_ancestors_are_those_of_all_labels_under_them() -> None:
    spelled = spelled_out({GOLDEN: 0.25, ESPRESSO: 0.5}, {DOG: 1.0})
    assert spelled[GOLDEN] == 1.25 and spelled[LABRADOR] == 1.0 and spelled[ESPRESSO] == 0.5
    assert spelled.keys() == {*labels_under(DOG), ESPRESSO}
    assert beside(spelled, {DOG: 1.0}) == {GOLDEN: 0.25, ESPRESSO: 0.5}
