"""Random walks over the WordNet graph, as a text to train word2vec on.

Goikoetxea, Soroa and Agirre 2015, "Random walks and neural network language models on knowledge
bases": a walk over meanings writes one of the names of each meaning it visits.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import wordnet
from numpy.typing import NDArray
from scipy import sparse

Positions = NDArray[np.int64]

CONTINUE = 0.85
LONGEST = 20  # meanings; 4 % of the walks would go on


class Choice:
    """Draws a column of a sparse matrix in proportion to the row's values, for many rows."""

    def __init__(self, matrix: sparse.csr_array) -> None:
        """Take non-negative values."""
        self._columns = matrix.indices
        self._starts = matrix.indptr
        # One running sum over all rows: a row's values lie between those at its two ends.
        self._sums = np.concatenate([[0.0], np.cumsum(matrix.data, dtype=np.float64)])

    def draw(self, rows: Positions, random: np.random.Generator) -> Positions:
        """Return a column for each row; -1 where the row is empty."""
        first, last = self._starts[rows], self._starts[rows + 1]
        low, high = self._sums[first], self._sums[last]
        at = np.searchsorted(self._sums, low + random.random(len(rows)) * (high - low), "right") - 1
        drawn = self._columns[np.minimum(np.clip(at, first, last - 1), len(self._columns) - 1)]
        return np.where(first < last, drawn, -1)


def names_of_meanings(words: wordnet.WordNet, vocabulary: list[str]) -> sparse.csr_array:
    """Synsets x vocabulary: how often (tag count + 1) the meaning is meant by the word."""
    row_of = {synset: number for number, synset in enumerate(words.synsets)}
    column_of = {word: number for number, word in enumerate(vocabulary)}
    rows, columns, values = [], [], []
    for lemma in words.senses:
        if lemma in column_of:
            for synset, count in words.all_senses(lemma):
                rows.append(row_of[synset])
                columns.append(column_of[lemma])
                values.append(count + 1.0)
    shape = (len(row_of), len(vocabulary))
    return sparse.csr_array((values, (rows, columns)), shape=shape)


def walk(
    links: sparse.csr_array, names: sparse.csr_array, random: np.random.Generator
) -> Positions:
    """One walk from every meaning: words as columns of `names`, shape (LONGEST, synsets).

    -1 where a meaning has no word or the walk has ended.
    """
    step, name = Choice(links), Choice(names)
    here = np.arange(links.shape[0])
    alive = np.ones(len(here), bool)
    words = np.full((LONGEST, len(here)), -1, np.int64)
    for number in range(LONGEST):
        words[number, alive] = name.draw(here[alive], random)
        there = step.draw(here, random)
        alive &= (there >= 0) & (random.random(len(here)) < CONTINUE)
        here = np.where(there >= 0, there, here)
    return words


def write_corpus(
    path: Path, links: sparse.csr_array, vocabulary: list[str], repeats: int, seed: int
) -> None:
    """Write `repeats` walks from every meaning, one per line, with underscores for spaces."""
    names = names_of_meanings(wordnet.read(), vocabulary)
    random = np.random.default_rng(seed)
    written = np.array([word.replace(" ", "_") for word in vocabulary], object)
    with path.open("w", encoding="utf-8") as file:
        for _ in range(repeats):
            for sentence in _sentences(walk(links, names, random)):
                file.write(" ".join(written[sentence]) + "\n")


def _sentences(words: Positions) -> Iterator[Positions]:
    for column in words.T:
        sentence = column[column >= 0]
        if len(sentence) > 1:
            yield sentence
