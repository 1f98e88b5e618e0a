"""What GloVe knows about words and labels: which ones are written about together.

It knows little about things that are rarely written about. But it reads words as a whole, so it
shows where spelling misled the sentence encoder.
"""

from collections.abc import Callable, Sequence

import numpy as np
from common import Array, classes, glove_vectors, glove_words

from indexer import imagenet
from search.words.spelling import fold
from search.words.tree import load_tree

SAMPLE, COMPONENTS = 20_000, 2  # Mu and Viswanath 2018, arXiv 1702.01417
PARENT_SHARE = 0.5

Names = Callable[[str], Sequence[str]]


def unit(rows: Array) -> Array:
    """Scale rows to length 1; rows of zeros stay."""
    scaled: Array = rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-9)
    return scaled


class Glove:
    """z-scores of labels by GloVe."""

    def __init__(self, common: list[str], names: Names = imagenet.names) -> None:
        """Read the vectors; `common` words show what cosine a label has to any word.

        Args:
            common: as many as say it.
            names: those of a label that count, besides its parents' names.
        """
        self._positions = {word: position for position, word in enumerate(glove_words())}
        self._rows = glove_vectors()
        sample = self._rows[:SAMPLE].astype(np.float32)
        self._mean = sample.mean(axis=0)
        centred = sample - self._mean
        self._largest = np.linalg.eigh(centred.T @ centred)[1].T[::-1][:COMPONENTS]
        tree = load_tree()
        names = np.stack([self._mean_of(names(label)) for label in classes()])
        parents = np.stack([self._mean_of(tree.parent_names(label)) for label in classes()])
        self._labels = unit(names + PARENT_SHARE * parents)
        cosines = self._of_words(common) @ self._labels.T
        known = np.any(cosines, axis=1)
        self._moments = cosines[known].mean(axis=0), np.maximum(cosines[known].std(axis=0), 1e-3)

    def zscores(self, words: list[str]) -> Array:
        """Shape (words, 1000); 0 where GloVe lacks the word or the label."""
        rows = self._of_words(words)
        mean, deviation = self._moments
        known = np.any(rows, axis=1)[:, None] & np.any(self._labels, axis=1)
        scores: Array = np.where(known, (rows @ self._labels.T - mean) / deviation, 0)
        return scores.astype(np.float32)

    def _of_words(self, words: list[str]) -> Array:
        return np.stack([self._of(word) for word in words])

    def _mean_of(self, names: Sequence[str]) -> Array:
        rows = [self._of(fold(name)) for name in names]
        return unit(np.sum(rows or [np.zeros_like(self._mean)], axis=0))

    def _of(self, word: str) -> Array:
        """A word's vector; that of its parts if it has none, zeros if they are unknown too."""
        forms = (word.lower(), word.lower().replace(" ", "-"))
        whole = [self._positions[form] for form in forms if form in self._positions][:1]
        parts = [self._positions[part] for part in fold(word).split() if part in self._positions]
        positions = whole or parts
        if not positions:
            return np.zeros(self._rows.shape[1], np.float32)
        centred = self._rows[positions].astype(np.float32) - self._mean
        return unit(unit(centred - (centred @ self._largest.T) @ self._largest).sum(axis=0))
