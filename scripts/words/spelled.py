"""How similarly words and labels are spelled, which the sentence encoder mistakes for meaning.

It reads words in pieces, so "deer" looks to it like "deerhound" and "spanner" like "spaniel".
"""

import numpy as np
from common import Array, classes
from scipy import sparse

from indexer import imagenet
from search.words.spelling import fold

LETTERS = 3


def pieces(token: str) -> set[str]:
    """All runs of three letters, with the ends marked."""
    marked = f"^{token}$"
    return {marked[start : start + LETTERS] for start in range(len(marked) - LETTERS + 1)}


class Spelled:
    """Compares words with the names of all labels."""

    def __init__(self) -> None:
        """Cut the labels' names into pieces."""
        self._columns: dict[str, int] = {}
        tokens, self._labels = [], []
        for position, label in enumerate(classes()):
            names = {token for name in imagenet.names(label) for token in fold(name).split()}
            tokens += sorted(names)
            self._labels += [position] * len(names)
        for token in tokens:
            for piece in sorted(pieces(token)):
                self._columns.setdefault(piece, len(self._columns))
        self._names = self._matrix(tokens)
        self._lengths = np.array([len(pieces(token)) for token in tokens], np.float32)

    def _matrix(self, tokens: list[str]) -> sparse.csr_array:
        held = [sorted(self._columns[p] for p in pieces(t) if p in self._columns) for t in tokens]
        ends = np.cumsum([0, *map(len, held)])
        columns = np.concatenate([np.array(row, np.int64) for row in held])
        ones = np.ones(len(columns), np.float32)
        return sparse.csr_array((ones, columns, ends), shape=(len(tokens), len(self._columns)))

    def alike(self, words: list[str]) -> Array:
        """Dice coefficient of the most alike tokens, in [0, 1], shape (words, 1000)."""
        tokens, owners = [], []
        for row, word in enumerate(words):
            parts = fold(word).split()
            tokens += parts
            owners += [row] * len(parts)
        lengths = np.array([len(pieces(token)) for token in tokens], np.float32)
        common = (self._matrix(tokens) @ self._names.T).toarray()
        dice = 2 * common / (lengths[:, None] + self._lengths)
        by_label = np.zeros((1000, len(tokens)), np.float32)
        np.maximum.at(by_label, np.array(self._labels), dice.T.astype(np.float32))
        best = np.zeros((len(words), 1000), np.float32)
        np.maximum.at(best, np.array(owners), by_label.T)
        return best
