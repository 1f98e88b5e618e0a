"""Which words a photo can show: a logistic rule over general properties of a word.

No property looks at photos. The rule is fitted on the words in familiar.csv, none of which is among
the queries that it is judged by.
"""

import csv
from functools import cache
from pathlib import Path

import numpy as np
import wordnet
from common import Array
from expansion import Sources, normalise
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from search.words.spelling import fold

PHYSICAL, PERSON = "n00001930", "n00007846"  # physical entity; person
BLOCK = 2048
RIDGE = 5.0
MEANING = 16  # principal components of "a photo of WORD": what kind of thing a word names
WEIGHT, LEAST = 0.1, 0.45  # inverse strength of the rule's regularisation, and its threshold
"""Chosen by cross-validation on familiar.csv: about 7 % of either side are misjudged."""
LIST = Path(__file__).with_name("familiar.csv")


class WordNetMeanings:
    """What WordNet says about a word's meanings, weighted by how often each is meant."""

    def __init__(self, words: wordnet.WordNet) -> None:
        """Take WordNet."""
        self._words = words
        self._above = cache(self._ancestors)

    def _ancestors(self, synset: str) -> frozenset[str]:
        parents = self._words.synsets[synset].parents
        return frozenset(parents).union(*(self._above(parent) for parent in parents))

    def _is_proper(self, synset: str, word: str) -> bool:
        """Whether it is an instance ("Tokyo") or capitalised."""
        meaning = self._words.synsets[synset]
        if any(symbol == "@i" for symbol, _ in meaning.relations):
            return True
        names = [name for name in meaning.names if fold(name) == fold(word)]
        return all(name[:1].isupper() for name in names)

    def describe(self, word: str) -> list[float]:
        """Share of physical, proper and personal meanings; whether WordNet lacks the word."""
        nouns = self._words.nouns(word)
        total = sum(count + 1 for _, count in nouns) or 1
        shares = np.zeros(3)
        for synset, count in nouns:
            above = self._above(synset)
            is_a = (PHYSICAL in above, self._is_proper(synset, word), PERSON in above)
            shares += np.array(is_a) * (count + 1) / total
        return [*shares, float(word not in self._words.senses)]

    def is_physical(self, word: str) -> bool:
        """Whether the most frequent meaning of a noun is a physical thing."""
        return PHYSICAL in self._above(self._words.nouns(word)[0][0])


def concreteness(photo: Array, nouns: list[int], physical: NDArray[np.bool_]) -> Array:
    """How physical the encoder's "a photo of WORD" sounds: ridge regression on WordNet's nouns."""
    centred = photo - photo[nouns].mean(axis=0)
    train, truth = centred[nouns], physical * 2.0 - 1.0
    square = train.T @ train + RIDGE * np.eye(train.shape[1], dtype=np.float32)
    direction = np.linalg.solve(square, train.T @ (truth - truth.mean()))
    scores: Array = centred @ direction
    return scores


def features(
    vocabulary: list[str], sources: Sources, words: wordnet.WordNet, common: NDArray[np.int64]
) -> Array:
    """Properties of every word, float32, shape (words, 9 + MEANING)."""
    meanings = WordNetMeanings(words)
    blocks = []
    for start in range(0, len(vocabulary), BLOCK):
        rows = slice(start, start + BLOCK)
        z, graph = sources.encoder(rows), sources.graph(rows)
        ratio = np.partition(sources.ratio[rows], -3, axis=1)[:, -3]
        best = np.sort(np.partition(z, -3, axis=1)[:, -3:], axis=1)
        agreement = np.minimum(graph, normalise(np.maximum(z, 0) ** 4)).sum(axis=1)
        blocks.append(np.stack([np.log(0.1 + ratio), best[:, 0], best[:, 2], agreement], axis=1))
    nouns = [row for row in common if words.nouns(vocabulary[row])]
    physical = np.array([meanings.is_physical(vocabulary[row]) for row in nouns])
    photo = sources.sentences["photo"].astype(np.float32)
    concrete = concreteness(photo, nouns, physical)[:, None]
    described = np.array([meanings.describe(word) for word in vocabulary])
    kinds = meaning(photo, common)
    return np.hstack([np.vstack(blocks), concrete, described, kinds]).astype(np.float32)


def meaning(photo: Array, common: NDArray[np.int64]) -> Array:
    """The largest principal components of common words, of unit deviation in the mean."""
    centred = photo - photo[common].mean(axis=0)
    largest = np.linalg.eigh(centred[common].T @ centred[common])[1][:, ::-1][:, :MEANING]
    components = centred @ largest
    scaled: Array = components / components[common].std(axis=0).mean()
    return scaled


def find_familiar(vocabulary: list[str], properties: Array) -> NDArray[np.bool_]:
    """Fit the rule on familiar.csv and apply it to every word."""
    row_of = {word: row for row, word in enumerate(vocabulary)}
    with LIST.open(encoding="utf-8") as file:
        pairs = [(row_of[row["word"]], int(row["familiar"])) for row in csv.DictReader(file)]
    rows, truth = np.array(pairs).T
    rule = make_pipeline(StandardScaler(), LogisticRegression(C=WEIGHT, class_weight="balanced"))
    rule.fit(properties[rows], truth)
    verdict: NDArray[np.bool_] = rule.predict_proba(properties)[:, 1] > LEAST
    print(f"rule fits {(verdict[rows] == truth).mean():.1%} of {len(rows)} listed words")
    return verdict
