"""The 1,000 classes and the choice of a photo's most probable labels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from indexer import imagenet
from indexer.records import Label

probabilities = arrays(
    np.float32, 1000, elements=st.floats(0, 1, width=32, allow_subnormal=True), fill=st.just(0)
)


def test_classes_are_the_thousand_wordnet_ids_in_ascending_order() -> None:
    classes = imagenet.classes()
    assert len(set(classes)) == 1000
    assert list(classes) == sorted(classes)
    assert classes[0] == "n01440764"
    assert classes[340] == "n02391049"
    assert classes[999] == "n15075141"


def test_index_is_the_place_among_the_classes() -> None:
    assert [imagenet.index(wnid) for wnid in imagenet.classes()] == list(range(1000))


def test_a_name_is_its_class_own() -> None:
    names = [imagenet.name(wnid).lower() for wnid in imagenet.classes()]
    assert len(set(names)) == 1000


@pytest.mark.parametrize(
    ("index", "names"),
    [
        (0, ("tench", "Tinca tinca")),
        (134, ("crane (bird)", "crane")),
        (517, ("crane (machine)", "crane")),
        (340, ("zebra",)),
        (638, ("maillot",)),
        (639, ("tank suit", "maillot")),
        (836, ("sunglass", "sunglasses", "dark glasses", "shades")),
        (876, ("tub", "vat")),
    ],
)
def test_names_are_wordnets_lemmas_and_the_corrections(index: int, names: tuple[str, ...]) -> None:
    wnid = imagenet.classes()[index]
    assert imagenet.names(wnid) == names
    assert imagenet.name(wnid) == names[0]


def test_an_unknown_class_is_a_key_error() -> None:
    for function in (imagenet.index, imagenet.name, imagenet.names):
        with pytest.raises(KeyError):
            function("n00000000")


def test_quantised_numbers_keep_eight_mantissa_bits() -> None:
    numbers = np.float32([0.7, 1.0, 0.5, 1 / 3])
    assert imagenet.quantise(numbers).tolist() == [
        0.69921875,
        1.0,
        0.5,
        341 / 1024,
    ]  # 9 significant bits


def test_labels_that_quantise_to_the_same_number_are_ordered_by_wordnet_id() -> None:
    row = np.zeros(1000, np.float32)
    row[[7, 3, 5]] = np.float32([0.3001, 0.3, 0.35])
    wnids = imagenet.classes()
    least = float(imagenet.quantise(np.float32([0.3]))[0])
    most = float(imagenet.quantise(np.float32([0.35]))[0])
    expected = (Label(wnids[5], most), Label(wnids[3], least), Label(wnids[7], least))
    assert imagenet.most_probable(row) == expected


def test_zero_and_subnormal_probabilities_are_left_out() -> None:
    row = np.zeros(1000, np.float32)
    row[:3] = [1e-39, 2e-38, 1]
    kept = [label.wnid for label in imagenet.most_probable(row)]
    assert kept == [imagenet.classes()[2], imagenet.classes()[1]]


@given(probabilities, st.integers(1, 60))
def test_most_probable_agrees_with_sorting_by_the_rule(row: np.ndarray, count: int) -> None:
    quantised = imagenet.quantise(row).tolist()
    pairs = sorted(zip(quantised, imagenet.classes(), strict=True), key=lambda x: (-x[0], x[1]))
    expected = [(wnid, value) for value, wnid in pairs[:count] if value >= 2.0**-126]
    found = imagenet.most_probable(row, count)
    assert [(label.wnid, label.probability) for label in found] == expected


@given(probabilities)
def test_quantising_twice_changes_nothing(row: np.ndarray) -> None:
    once = imagenet.quantise(row)
    assert (imagenet.quantise(once) == once).all()
    assert (once <= row).all()
