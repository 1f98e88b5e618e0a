"""Step 9: takes out of the table what a word cannot mean by its kind, and adds what it can.

Expects: WordNet 3.0 (see wordnet.py), GloVe (step 0), the outputs of steps 1 and 7.
Outputs: search/words/data/table.npz, as search/words/table.py describes it.

The sentence encoder of step 3 reads words in pieces and knows one meaning of each, so that it finds
a mantis for "man", a plunger for "wren", and nothing but instruments for "bass". WordNet knows
which kinds of things a word means:

- a word for people means no animal or plant, unless GloVe or a definition says so ("shepherd");
- a word for animals alone means no other thing, unless likewise;
- an animal that no label names is one of the few labels of its kind, as far as it is meant at all;
- an animal with the name of something else ("cricket") has to fit without that name;
- a word for which that leaves hardly anything, or that is near to many labels by the encoder alone,
  is not familiar.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module

import numpy as np
import wordnet
from common import BUILD, DATA, Array, classes
from glove import Glove
from numpy.typing import NDArray
from spelled import pieces

from indexer import imagenet
from search.words.spelling import fold
from search.words.table import STEPS_A_HALVING, WEAKEST
from search.words.tree import Tree, load_tree

PERSON, ORGANISM, ANIMAL = "n00007846", "n00004475", "n00015388"
PEOPLE = (PERSON, "n07950920", "n07942152")
"""Person, social group, people."""
FLESH = "flesh"
"""In definitions of animals as food, which have names of their own in WordNet."""

MENTIONS, MENTIONED, KIN = 4, 5, 6
"""Codes into `search.words.table.REASONS`."""

MOSTLY, PARTLY, WHOLLY = 0.5, 0.2, 0.9
"""Share of a word's meanings that are of a kind."""
CLEAR, LIKELY = 3.0, 1.5
"""GloVe's z-scores that are enough by themselves, and with a definition."""
DOUBTFUL, MISLED = 1.2, 1.5
"""GloVe's z-score by its own names that is not enough for a homonym, if its others add so much."""
ALIKE = 0.4
"""Dice coefficient from which spelling may have misled."""
FARTHEST, FEW = 3, 12
"""Steps up to what an animal is a kind of, and labels under it that it may be one of."""
MUCH, LEAST_LEFT = 0.3, 0.25
"""Weight of a wrong label that makes the others doubtful; and what they are not raised from."""
LEAST_SHOWN, HEAVY, SUPPORTED = 0.15, 0.5, 1.8
"""Weight of a label that makes a word familiar: if a definition names it, or it is a person; or if
GloVe's z-score says as much."""
FLAT, GUESSED = 5, 1.1
"""So many heavy labels with such a z-score in the mean, none of them named, are a guess."""
COMMON, SAMPLE, BLOCK = 15_000, 5_000, 2048

Mask, Codes = NDArray[np.bool_], NDArray[np.uint8]


@dataclass(frozen=True)
class Row:
    """What the table says about a word: weights, shape (1000,), 0 = none, and reasons alike."""

    weights: Array
    reasons: Codes


@dataclass(frozen=True)
class Evidence:
    """What is known about a word and each label, shape (1000,), and about the word.

    Attributes:
        z: GloVe's z-scores.
        strict: the same by names that nothing else has.
        told: whether a definition of one names the other.
        animal, people: how much of the word's use is for those.
    """

    z: Array
    strict: Array
    told: Mask
    animal: float
    people: float


class Kinds:
    """What kinds of things words and labels are."""

    def __init__(self, words: wordnet.WordNet, tree: Tree) -> None:
        """Take WordNet and the label tree."""
        self._words, self._tree = words, tree
        self._above = cache(self._ancestors)
        self._lemmas = {fold(lemma): lemma for lemma in reversed(words.senses)}
        self._position = {label: position for position, label in enumerate(classes())}

    def _ancestors(self, synset: str) -> frozenset[str]:
        parents = self._words.synsets[synset].parents
        return frozenset((synset, *parents)).union(*map(self._above, parents))

    def labels(self, kind: str, but: str = "") -> NDArray[np.bool_]:
        """Which labels are under a synset, shape (1000,), and not under another."""
        above = [self._above(label) for label in classes()]
        return np.array([kind in one and but not in one for one in above])

    def share(self, word: str, kind: str, *others: str) -> float:
        """How much of a word's use, as any part of speech, is for things of these kinds."""
        kinds = {kind, *others}
        return self._share(word, [one for one, above in self._nouns(word) if above & kinds])

    def animals(self, word: str) -> tuple[float, dict[int, float]]:
        """How much of a word's use is for animals, and positions of labels near them -> share."""
        nouns = self._nouns(word)
        alive = [one for one, above in nouns if ANIMAL in above and PERSON not in above]
        flesh = [one for one, _ in nouns if FLESH in self._words.synsets[one].definition]
        found: dict[int, float] = {}
        share = self._share(word, alive + flesh) if alive else 0.0
        own = self._share(word, alive)
        for synset in alive:
            for label in () if synset in self._tree.synsets else self._near(synset):
                part = share * self._share(word, [synset]) / own
                found[label] = found.get(label, 0.0) + part
        return share, found

    def _nouns(self, word: str) -> list[tuple[str, frozenset[str]]]:
        nouns = self._words.nouns(self._lemmas.get(word, word))
        return [(synset, self._above(synset)) for synset, _ in nouns]

    def _share(self, word: str, synsets: Container[str]) -> float:
        senses = self._words.all_senses(self._lemmas.get(word, word))
        total = sum(count + 1 for _, count in senses)
        own = sum(count + 1 for synset, count in senses if synset in synsets)
        return own / total if total else 0.0

    def _near(self, synset: str) -> list[int]:
        front = {synset}
        for _ in range(FARTHEST):
            front = {parent for one in front for parent in self._words.synsets[one].parents}
            near = sorted({one for thing in front for one in self._tree.below(thing)})
            if near:
                return [self._position[one] for one in near] if len(near) <= FEW else []
        return []

    def is_animal_first(self, word: str, others: Iterable[str]) -> bool:
        """Whether the most frequent meaning is an animal, and the others that are named are not."""
        first = self._words.nouns(self._lemmas.get(word, word))[:1]
        return any(ANIMAL in self._above(synset) for synset, _ in first) and not any(
            ANIMAL in self._above(synset) for synset in others
        )

    def own_names(self, label: str) -> list[str]:
        """The names of an organism that nothing else has."""
        names = list(imagenet.names(label))
        if ORGANISM not in self._above(label):
            return names
        return [name for name in names if not self._is_shared(name)]

    def _is_shared(self, name: str) -> bool:
        senses = self._words.nouns(name.lower())
        return any(ORGANISM not in self._above(synset) for synset, _ in senses)


class Corrector:
    """Corrects one row of the table after the other."""

    def __init__(self, words: list[str]) -> None:
        """Take all words of the table, the most frequent first."""
        self._tree = load_tree()
        self._kinds = Kinds(wordnet.read(), self._tree)
        sample = list(np.random.default_rng(0).choice(words[:COMMON], SAMPLE, replace=False))
        self._glove, self._strict = Glove(sample), Glove(sample, self._kinds.own_names)
        self._pieces = [
            [pieces(part) for name in imagenet.names(one) for part in fold(name).split()]
            for one in classes()
        ]
        self._nature = self._kinds.labels(ORGANISM, but=PERSON)
        self._animals, self._people = (
            self._kinds.labels(ANIMAL, but=PERSON),
            self._kinds.labels(PERSON),
        )
        shared = [len(self._kinds.own_names(one)) < len(imagenet.names(one)) for one in classes()]
        self._shared = np.array(shared) & self._nature

    def correct_all(self, words: list[str], rows: Iterator[Row]) -> Iterator[Row | None]:
        """Yield for each word what the table is to say; None where it is not familiar."""
        for start in range(0, len(words), BLOCK):
            block = words[start : start + BLOCK]
            scores = zip(self._glove.zscores(block), self._strict.zscores(block), strict=True)
            for word, (z, strict) in zip(block, scores, strict=True):
                yield self._correct(word, next(rows), z, strict)

    def _correct(self, word: str, row: Row, z: Array, strict: Array) -> Row | None:
        animal, near = self._kinds.animals(word)
        people = self._kinds.share(word, *PEOPLE) if animal < PARTLY else 0.0
        told = np.isin(row.reasons, (MENTIONS, MENTIONED)) & (row.weights > 0)
        seen = Evidence(z, strict, told, animal, people)
        wrong = self._wrong(word, row, seen)
        weights, kin = np.where(wrong, 0, row.weights), self._kin(word, near)
        lost = row.weights[wrong].max(initial=0) >= MUCH
        is_named = word in self._tree.names or kin.any()
        if not is_named and self._is_strange(weights, seen, lost):
            return None
        if weights.max() >= LEAST_LEFT:
            weights = weights / weights.max()
        reasons = np.where(kin > weights, KIN, row.reasons).astype(np.uint8)
        weights = np.maximum(weights, kin)
        return Row(weights / weights.max(), reasons) if weights.any() else None

    def _wrong(self, word: str, row: Row, seen: Evidence) -> Mask:
        """Which labels the word cannot mean."""
        if word in self._tree.names:
            return np.isin(classes(), list(self._tree.names[word] if self._is_rarer(word) else ()))
        z, strict = seen.z, seen.strict
        wrong = self._shared & (strict < DOUBTFUL) & (z - strict >= MISLED)
        clear = (z >= CLEAR) & (strict >= LIKELY)
        unsure = ~(seen.told & (z >= LIKELY)) & (~clear | self._alike(word, clear))
        if seen.people >= MOSTLY:
            wrong |= self._nature & unsure
        if seen.animal >= PARTLY:
            unlikely = ~seen.told & (z < LIKELY)
            wrong |= ~self._animals & (unsure if seen.animal >= WHOLLY else unlikely)
        return wrong & (row.reasons != KIN)

    def _kin(self, word: str, near: Mapping[int, float]) -> Array:
        """Weights of the labels near the word's animals, mostly 0."""
        kin = np.zeros(len(classes()), np.float32)
        if word not in self._tree.names or self._is_rarer(word):
            for label, share in near.items():
                kin[label] = min(1.0, share / MOSTLY) if share >= PARTLY else 0
        return kin

    def _is_strange(self, weights: Array, seen: Evidence, lost: bool) -> bool:
        """Whether too little is left of a word's labels to call it familiar."""
        heavy = weights >= HEAVY
        if (weights >= LEAST_SHOWN)[seen.told | self._people].any():
            return False
        if lost:
            return not (heavy & (seen.z >= SUPPORTED)).any()
        guessed = heavy.sum() >= FLAT and seen.z[heavy].mean() <= GUESSED
        return bool(guessed) and seen.people < MOSTLY

    def _alike(self, word: str, which: Mask) -> Mask:
        """Which of some labels are spelled like the word."""
        alike = np.zeros(len(which), bool)
        for position in np.flatnonzero(which):
            own = self._pieces[position]
            pairs = ((pieces(part), other) for part in word.split() for other in own)
            alike[position] = any(
                2 * len(one & other) >= ALIKE * (len(one) + len(other)) for one, other in pairs
            )
        return alike

    def _is_rarer(self, word: str) -> bool:
        """Whether a name of other things in the tree means an animal first that is not in it."""
        named = self._tree.names[word]
        return min(named.values()) > 1 and self._kinds.is_animal_first(word, named)


def read_rows(data: dict[str, NDArray[np.generic]]) -> Iterator[Row]:
    """Unpack the rows of the table, see search/words/table.py."""
    labels = np.cumsum(data["gaps"].astype(np.int64), axis=0).T
    for own, codes in zip(labels, data["codes"].T, strict=True):
        weights, reasons = np.zeros(len(classes()), np.float32), np.zeros(len(classes()), np.uint8)
        steps = (codes & WEAKEST).astype(np.float32)
        weights[own] = np.where(steps < WEAKEST, 2.0 ** (-steps / STEPS_A_HALVING), 0)
        reasons[own] = codes >> 5
        yield Row(weights, reasons)


def main() -> None:
    """Correct the table."""
    pack = import_module("07_table")
    with np.load(BUILD / "table.npz") as file:
        data = dict(file)
    words = data["words"].tobytes().decode().split("\n")
    kept, rows = [], []
    rights = Corrector(words).correct_all(words, read_rows(data))
    for word, right in zip(words, rights, strict=True):
        if right is not None:
            kept.append(word)
            best = np.sort(np.argsort(-right.weights, kind="stable")[: pack.TOP])
            rows.append(pack.Row(best, right.weights[best], right.reasons[best]))
    packed = pack.pack(rows)
    np.savez_compressed(DATA / "table.npz", words=pack.join(kept), **packed)
    print(f"{len(words) - len(kept):,} words are not familiar any more")


if __name__ == "__main__":
    main()
