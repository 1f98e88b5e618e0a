"""Word vectors: the labels nearest in meaning, to a word or to a whole phrase.

vectors.npz holds `words` (folded, as lines of UTF-8) and `codes`, int8, shape (words, 64): the
directions of the vectors. They join a sentence encoder and gensim's word2vec on random walks over
WordNet; vectors.json says how well they agree with people. Built by scripts/words.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from indexer.kinds import Kind
from search.words.expansions import Expansion
from search.words.spelling import fold
from search.words.tree import Tree
from search.words.vector_files import read_vectors

if TYPE_CHECKING:
    from gensim.models import KeyedVectors

Array = NDArray[np.float32]

COMMON = 2_000
"""Words that say how near a label is to any word; a smaller vocabulary cannot say it."""
SAMPLE = 20_000
COMPONENTS = 2  # Mu and Viswanath 2018, "All-but-the-Top", arXiv 1702.01417
SHARPNESS = 4
SMALL_DEVIATION = 0.15  # stands in for it there: a cosine of .68 is then enough
LEAST_Z = 4.5
"""What carries a word. By GloVe 6B alone, 27 % of the absent and 64 % of the other words in
scripts/words/familiar.csv reach it: vectors cannot tell names and notions from things, so the
bundled data has the rule of scripts/words/familiarity.py instead."""
PARENT_SHARE = 0.5
TOP, WEAKEST = 64, 0.01


class WordVectors:
    """Unit vectors of words and labels, comparable by their dot product."""

    def __init__(self, rows: Array, numbers: Mapping[str, int], tree: Tree, prepared: bool) -> None:
        """Take vectors as they are.

        Args:
            rows: float32, shape (words, d).
            numbers: word -> number of its row; the words as the file writes them.
            tree: the labels and their names.
            prepared: whether mean and largest components were removed already.
        """
        self._rows, self._numbers, self._tree = rows, numbers, tree
        sample = np.asarray(rows[:SAMPLE], np.float32)
        self._mean = np.zeros(rows.shape[1], np.float32)
        self._largest = np.zeros((0, rows.shape[1]), np.float32)
        if not prepared and len(rows) >= COMMON:
            self._mean = sample.mean(axis=0)
            centred = sample - self._mean
            self._largest = np.linalg.eigh(centred.T @ centred)[1].T[::-1][:COMPONENTS]

    def __contains__(self, word: str) -> bool:
        """Whether a folded word has a vector in any usual way of writing it."""
        return self._number(word) is not None

    def _number(self, word: str) -> int | None:
        if word in self._numbers:
            return self._numbers[word]
        joined = word.replace(" ", "_")
        spellings = (joined, joined.title(), joined.upper(), word.replace(" ", "-"))
        return next((self._numbers[form] for form in spellings if form in self._numbers), None)

    def _prepare(self, rows: Array) -> Array:
        centred = np.asarray(rows, np.float32) - self._mean
        centred = centred - (centred @ self._largest.T) @ self._largest
        norms = np.linalg.norm(centred, axis=-1, keepdims=True)
        unit: Array = centred / np.maximum(norms, 1e-9)
        return unit

    def of(self, words: Sequence[str]) -> Array | None:
        """Return the unit vector of the words together; None where none has one."""
        numbers = [number for word in words if (number := self._number(word)) is not None]
        if not numbers:
            return None
        together = self._prepare(self._rows[numbers]).sum(axis=0)
        unit: Array = together / max(float(np.linalg.norm(together)), 1e-9)
        return unit

    @cached_property
    def _labels(self) -> Array:
        """A label's names and half its parent's: shape (1000, d), zeros where all are missing."""
        rows = np.zeros((len(self._tree.labels), self._rows.shape[1]), np.float32)
        for row, wnid in enumerate(self._tree.labels):
            names = self.of([fold(name) for name in self._tree.names_of(wnid)])
            parents = self.of([fold(name) for name in self._tree.parent_names(wnid)])
            if names is not None:
                rows[row] = names if parents is None else names + PARENT_SHARE * parents
        norms = np.linalg.norm(rows, axis=1, keepdims=True)
        unit: Array = rows / np.maximum(norms, 1e-9)
        return unit

    @cached_property
    def _moments(self) -> tuple[Array, Array]:
        """Mean and deviation of each label's cosine to common words, shape (1000,) each."""
        if len(self._rows) < COMMON:
            flat = np.ones(len(self._labels), np.float32)
            return 0 * flat, SMALL_DEVIATION * flat
        cosines = self._prepare(self._rows[:COMMON]) @ self._labels.T
        return cosines.mean(axis=0), np.maximum(cosines.std(axis=0), 1e-3)

    def zscores(self, words: Sequence[str]) -> Array | None:
        """How many deviations nearer each label is to the words together than to any common word.

        Float32, shape (1000,), in class order; None where no word has a vector.
        """
        vector = self.of(words)
        if vector is None:
            return None
        mean, deviation = self._moments
        scores: Array = (self._labels @ vector - mean) / deviation
        return scores

    def expand(self, word: str) -> Expansion | None:
        """Return the labels nearest to a word; None where it is unknown or none is near."""
        scores, vector = self.zscores([word]), self.of([word])
        if scores is None or vector is None or scores.max() < LEAST_Z:
            return None
        shares = (np.maximum(scores, 0) / scores.max()) ** SHARPNESS
        cosines = self._labels @ vector
        wnids = list(self._tree.labels)
        best = [label for label in np.argsort(-shares)[:TOP] if shares[label] >= WEAKEST]
        return Expansion(
            {wnids[label]: float(shares[label]) for label in best},
            {wnids[label]: f"cosine {cosines[label]:.2f} to {word}" for label in best},
            {wnids[label]: Kind.WORD2VEC for label in best},
        )

    def among(self, names: Iterable[str]) -> "NamedVectors":
        """Return those of the names that have a vector, to find the nearest to other words."""
        known = {name: number for name in names if (number := self._number(name)) is not None}
        rows = self._prepare(self._rows[list(known.values())])
        return NamedVectors(self, tuple(known), rows)


@dataclass(frozen=True, slots=True)
class NamedVectors:
    """Some words with their unit vectors, a row each."""

    vectors: WordVectors
    names: tuple[str, ...]
    rows: Array

    def nearest(self, word: str, count: int, least: float) -> list[str]:
        """Return the names whose cosine to a word is at least `least`, nearest first."""
        vector = self.vectors.of([word])
        if vector is None or not self.names:
            return []
        cosines = self.rows @ vector
        near = np.flatnonzero(cosines >= least)
        best = near[np.argsort(-cosines[near], kind="stable")][: count + 1]
        return [name for row in best if (name := self.names[row]) != word][:count]


def _bundled() -> tuple[tuple[str, ...], Array]:
    with resources.files("search.words.data").joinpath("vectors.npz").open("rb") as file:
        data = np.load(file)
        words = tuple(data["words"].tobytes().decode().split("\n"))
        codes = data["codes"].astype(np.float32)
    unit: Array = codes / np.linalg.norm(codes, axis=1, keepdims=True)
    return words, unit


def bundled_keyed_vectors() -> "KeyedVectors":
    """Return the bundled vectors for use with gensim; words of several parts keep their spaces."""
    from gensim.models import KeyedVectors

    words, rows = _bundled()
    vectors = KeyedVectors(rows.shape[1])
    vectors.add_vectors(list(words), rows)
    return vectors


def bundled_vectors(tree: Tree) -> WordVectors:
    """Return the bundled vectors; gensim is not needed for them."""
    words, rows = _bundled()
    numbers = dict(zip(reversed(words), reversed(range(len(words))), strict=True))
    return WordVectors(rows, numbers, tree, prepared=True)


def vectors_of_file(path: Path, tree: Tree, trust_pickle: bool) -> WordVectors:
    """Return the vectors of a user's file; see `read_vectors` for its errors."""
    keyed = read_vectors(path, trust_pickle)
    return WordVectors(keyed.vectors, keyed.key_to_index, tree, prepared=False)
