"""What the labels of a photo add up to under their ancestors: dog, mammal, animal, object.

Both stores rank by these numbers, so they must be the same wherever they are computed, to the last
bit. They are: sums of float64 are exact, in any order, because labels below `SMALLEST` are left
out and all others are multiples of `SMALLEST` / 512.
"""

from collections.abc import Collection, Mapping
from functools import cache

import numpy as np
from numpy.typing import NDArray

from indexer.imagenet import quantise
from indexer.imagenet.tree import tree_data

LEAST = 0.002
"""Ancestors are left out of photos below this. Everyday photos keep 40 of 88 on average, and mean
average precision stays what it is with all of them, by kind of query too."""

SMALLEST = 2.0**-40
"""Labels below this do not count."""

_NONE = np.zeros(0, np.intp)

PROBABLE = 0.5
"""From here on an ancestor is among the names that people filter by."""

WIDEST = 600
"""An ancestor of more labels is not: "entity", "object" and "whole" say nothing about a photo."""


@cache
def labels_under(synset: str) -> tuple[str, ...]:
    """Return the labels under an ancestor, sorted by id; none where there are not at least two.

    An ancestor of one label says no more than the label, and is none here.
    """
    under = tuple(wnid for wnid in tree_data()["labels"] if synset in _above(wnid))
    return under if len(under) > 1 else ()


@cache
def _above(wnid: str) -> frozenset[str]:
    parents = tree_data()["parents"].get(wnid, ())
    return frozenset(parents).union(*map(_above, parents))


def add_up(labels: Mapping[str, float]) -> dict[str, float]:
    """Return the probability of each ancestor of `LEAST` or more, the most probable first.

    Ties are in order of the number of labels under them, the most first, and then of id.

    Args:
        labels: WordNet id -> probability, quantised.
    """
    synsets, columns = _table()
    sums = np.zeros(len(synsets))
    for wnid, probability in labels.items():
        if probability >= SMALLEST:
            sums[columns.get(wnid, _NONE)] += probability  # no column is in there twice
    kept = as_stored(sums)
    order = np.argsort(-kept, kind="stable")[: np.count_nonzero(kept)].tolist()
    return {synsets[at]: float(kept[at]) for at in order}


@cache
def _table() -> tuple[tuple[str, ...], dict[str, NDArray[np.intp]]]:
    """All ancestors, those of the most labels first; and the positions of those of each label."""
    tree = tree_data()
    shared = [one for one in sorted(tree["ancestors"]) if labels_under(one)]
    synsets = tuple(sorted(shared, key=lambda one: -len(labels_under(one))))
    found: dict[str, list[int]] = {}
    for column, synset in enumerate(synsets):
        for wnid in labels_under(synset):
            found.setdefault(wnid, []).append(column)
    return synsets, {wnid: np.array(columns, np.intp) for wnid, columns in found.items()}


def probable_names(probabilities: Mapping[str, float]) -> list[str]:
    """Return the names of ancestors of `PROBABLE` or more, in the order given, each once.

    Args:
        probabilities: as `add_up` returns them.
    """
    names = tree_data()["ancestors"]
    probable = [one for one, probability in probabilities.items() if probability >= PROBABLE]
    return list(dict.fromkeys(names[one] for one in probable if len(labels_under(one)) <= WIDEST))


def as_stored(sums: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return sums of probabilities as stores keep them: quantised, and 0 below `LEAST`."""
    kept = quantise(sums.astype(np.float32))
    return np.where(kept >= LEAST, kept, np.float32(0))


def chosen_sums(labels: Mapping[str, float], wanted: Collection[str]) -> dict[str, float]:
    """Return what `add_up` has for the wanted ancestors, 0 where it leaves one out.

    Args:
        labels: all those under the wanted ancestors, and perhaps others.
        wanted: WordNet ids.
    """
    counted = {wnid: share for wnid, share in labels.items() if share >= SMALLEST}
    sums = [sum(counted.get(wnid, 0.0) for wnid in labels_under(synset)) for synset in wanted]
    return dict(zip(wanted, as_stored(np.array(sums, np.float64)).tolist(), strict=True))


def spelled_out(labels: Mapping[str, float], ancestors: Mapping[str, float]) -> dict[str, float]:
    """Return weights of labels alone that rank as those of labels and ancestors, but for rounding.

    Args:
        labels: WordNet id of a label -> weight.
        ancestors: WordNet id of an ancestor -> weight.
    """
    weights = dict(labels)
    for synset, weight in ancestors.items():
        for wnid in labels_under(synset):
            weights[wnid] = weights.get(wnid, 0.0) + weight
    return weights


def beside(labels: Mapping[str, float], ancestors: Mapping[str, float]) -> dict[str, float]:
    """Return what is left for labels to weigh beside ancestors, where that is more than nothing.

    Args:
        labels: WordNet id of a label -> weight in all.
        ancestors: WordNet id of an ancestor -> weight that all labels under it have at least; no
            label is under two of them.
    """
    shared = {wnid: by for synset, by in ancestors.items() for wnid in labels_under(synset)}
    left = {wnid: weight - shared.get(wnid, 0.0) for wnid, weight in labels.items()}
    return {wnid: weight for wnid, weight in left.items() if weight > 0}
