"""The 1,000 ImageNet classes: WordNet ids, names, and the most probable of them for a photo.

Class i of a network is the i-th WordNet id in ascending order. imagenet.json holds their names
from WordNet 3.0 (licence beside it); scripts/imagenet.py builds it and says what it corrects.
"""

import json
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from indexer.records import Label

SMALLEST_NORMAL = np.finfo(np.float32).smallest_normal


@cache
def _names() -> dict[str, tuple[str, ...]]:
    text = resources.files("indexer.imagenet").joinpath("imagenet.json").read_text(encoding="utf-8")
    return {wnid: tuple(names) for wnid, names in json.loads(text).items()}


@cache
def _indices() -> dict[str, int]:
    return {wnid: index for index, wnid in enumerate(classes())}


@cache
def classes() -> tuple[str, ...]:
    """The 1,000 WordNet ids in class order, which is ascending order."""
    return tuple(_names())


def is_class(wnid: str) -> bool:
    """Tell whether a WordNet id is one of the 1,000."""
    return wnid in _indices()


def index(wnid: str) -> int:
    """Return the class index, 0 to 999, of a WordNet id.

    Raises:
        KeyError: it is not one of the 1,000.
    """
    return _indices()[wnid]


def name(wnid: str) -> str:
    """Return the one name that no other class has ("zebra", "crane (bird)").

    Raises:
        KeyError: it is not one of the 1,000.
    """
    return _names()[wnid][0]


def names(wnid: str) -> tuple[str, ...]:
    """Return all names, `name` first; others may be shared ("crane" is a bird and a machine).

    Raises:
        KeyError: it is not one of the 1,000.
    """
    return _names()[wnid]


def quantise(probabilities: NDArray[np.float32]) -> NDArray[np.float32]:
    """Cut float32 numbers to 8 mantissa bits, as Elasticsearch's feature fields do.

    Lucene's FeatureField keeps `floatToIntBits(value) >> 15`. Because all stores cut like that, all
    rank by the same numbers.
    """
    bits = probabilities.view(np.uint32) >> np.uint32(15) << np.uint32(15)
    return bits.view(np.float32)


def most_probable(probabilities: NDArray[np.float32], count: int = 50) -> tuple[Label, ...]:
    """Return the labels to store: quantised, most probable first, ties by WordNet id.

    Zero and subnormal probabilities, which Elasticsearch refuses, are left out.

    Args:
        probabilities: float32, shape (1000,), in class order.
        count: how many labels at most.
    """
    kept = quantise(probabilities)
    order = np.argsort(-kept, kind="stable")[:count]  # stable: ties stay in class order, by wnid
    wnids = classes()
    return tuple(
        Label(wnids[number], float(kept[number]))
        for number in order
        if kept[number] >= SMALLEST_NORMAL
    )
