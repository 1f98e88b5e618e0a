"""The label tree: what lies under a name."""

import pytest

from indexer import imagenet
from search.words.spelling import fold
from search.words.tree import Tree

ZEBRA = "n02391049"
CRANE_BIRD, CRANE_MACHINE = "n02012849", "n03126707"


def test_the_tree_holds_the_thousand_classes_in_class_order(tree: Tree) -> None:
    assert tuple(tree.labels) == imagenet.classes()


def test_every_name_of_every_class_finds_it_with_a_weight(tree: Tree) -> None:
    for wnid in imagenet.classes():
        for name in imagenet.names(wnid):
            assert tree.closure(fold(name)).get(wnid, 0.0) > 0, name


def test_everything_a_photo_can_show_is_an_entity(tree: Tree) -> None:
    assert len(tree.closure("entity")) == 1000


@pytest.mark.parametrize(("word", "count"), [("dog", 118), ("zebra", 1), ("big cat", 6)])
def test_a_word_means_all_labels_under_it(tree: Tree, word: str, count: int) -> None:
    assert len(tree.closure(word)) == count


def test_a_word_without_labels_means_none(tree: Tree) -> None:
    assert tree.closure("justice") == {}


def small_tree(likely: dict[str, dict[str, float]]) -> Tree:
    return Tree(
        {
            "labels": {CRANE_BIRD: "crane (bird)", CRANE_MACHINE: "crane (machine)"},
            "ancestors": {},
            "parents": {CRANE_BIRD: [], CRANE_MACHINE: []},
            "senses": {"crane": {CRANE_MACHINE: 4, CRANE_BIRD: 5}},
        },
        likely,
    )


def test_rarer_meanings_weigh_less() -> None:
    assert small_tree({}).closure("crane") == {CRANE_MACHINE: 1 / 4, CRANE_BIRD: 1 / 5}


def test_meanings_that_photos_seldom_show_weigh_less() -> None:
    likely = {"crane": {CRANE_MACHINE: 0.5, CRANE_BIRD: 1.0}}
    assert small_tree(likely).closure("crane") == {CRANE_MACHINE: 1 / 8, CRANE_BIRD: 1 / 5}


def test_a_bike_is_a_bicycle_before_it_is_a_motorcycle(tree: Tree) -> None:
    weights = {tree.labels[label]: weight for label, weight in tree.closure("bike").items()}
    assert weights["mountain bike"] >= weights["moped"] > 0


def test_no_weight_leaves_nought_to_one(tree: Tree) -> None:
    for name in tree.names:
        weights = tree.closure(name).values()
        assert weights and all(0 < weight <= 1 for weight in weights), name


def test_a_name_of_a_class_is_a_label_and_an_ancestor_a_hypernym(tree: Tree) -> None:
    assert tree.kind("zebra") == "label"
    assert tree.kind("dog") == "hypernym"


def test_every_label_of_a_closure_has_its_reason(tree: Tree) -> None:
    assert tree.reasons("zebra") == {ZEBRA: ""}
    assert set(tree.reasons("dog")) == set(tree.closure("dog"))
    assert set(tree.reasons("dog").values()) == {"a kind of dog"}


def test_labels_are_described_by_their_own_names(tree: Tree) -> None:
    assert tree.describe([ZEBRA]) == "zebra"
    assert tree.describe([CRANE_BIRD, CRANE_MACHINE]) == "crane (bird), crane (machine)"
    assert tree.describe(list(imagenet.classes())).endswith("and 997 more")


def test_an_ancestor_stands_for_the_labels_that_weigh_alike(tree: Tree) -> None:
    assert tree.shared("dog")["n02084071"] == 1.0
    assert tree.shared("zebra") == {}
    for word in tree.names:
        closure, taken = tree.closure(word), set[str]()
        for synset, weight in tree.shared(word).items():
            labels = tree.below(synset)
            assert len(labels) > 1 and {closure[label] for label in labels} == {weight}
            assert not taken & {*labels}
            taken |= {*labels}


def test_meanings_that_share_labels_leave_one_ancestor(tree: Tree) -> None:
    assert len(tree.names["food"]) == 2 and len(tree.shared("food")) == 1
