"""What a word without labels is a kind of: the nearest things in the label tree.

A pony is a horse, and a kitten is by definition a "young domestic cat". Where the sentence encoder
agrees, the labels under those things answer the word best.
"""

import re

import numpy as np
import wordnet
from common import Array, classes

from search.words.spelling import fold, singular
from search.words.tree import Tree

FARTHEST, DECAY = 2, 0.7  # steps up from a meaning, and the share kept by each but the first
LEAST_Z, FULL_Z = 4.0, 5.5  # mean z-score of the labels under a thing: no trust, full trust
EVENNESS = 0.2  # the lower, the less the better of those labels stand out

# A definition's genus is the noun before the first of these ("a small horse | used for ...").
END = re.compile(
    r"[;:(,]| (?:that|which|who|whose|used|with|for|having|in|on|at|by|from|made|as|to|where|when|"
    r"especially|usually|or) "
)
NO_GENUS = re.compile(
    r"^\([^)]*\)\s*|\b(?:any|one) of (?:the )?(?:numerous|various|several|many|two|three)?|"
    r"\b(?:breeds?|kinds?|types?|species|varieties|variety|groups?|family|families) of\b"
)


class Kinship:
    """Finds the nearest things in the label tree."""

    def __init__(self, words: wordnet.WordNet, tree: Tree) -> None:
        """Take WordNet and the label tree."""
        self._words, self._tree = words, tree
        self._position = {label: position for position, label in enumerate(classes())}
        self._below: dict[str, list[int]] = {}

    def labels_under(self, thing: str) -> list[int]:
        """Positions of the labels under a synset of the tree."""
        if thing not in self._below:
            below = self._tree.below(thing)
            self._below[thing] = [self._position[label] for label in below]
        return self._below[thing]

    def things(self, word: str) -> dict[str, float]:
        """Synsets of the tree -> how surely the word is a kind of them, over 0, at most 1."""
        found: dict[str, float] = {}
        senses = self._words.nouns(word)
        total = sum(count + 1 for _, count in senses)
        for sense, count in senses:
            share = (count + 1) / total
            near = dict.fromkeys(self._genus(sense), share)
            near |= {thing: share * DECAY ** (steps - 1) for thing, steps in self._above(sense)}
            for thing, sure in near.items():
                found[thing] = min(1.0, found.get(thing, 0.0) + sure)
        return found

    def _above(self, sense: str) -> list[tuple[str, int]]:
        """The nearest hypernyms in the tree and how many steps up they are."""
        found, front = [], {sense}
        for steps in range(1, FARTHEST + 1):
            front = {parent for one in front for parent in self._words.synsets[one].parents}
            found += [(one, steps) for one in sorted(front) if one in self._tree.synsets]
            front -= self._tree.synsets
        return found

    def _genus(self, sense: str) -> list[str]:
        """What a definition says the thing is, in the most frequent meaning of that noun."""
        text = NO_GENUS.sub("", self._words.synsets[sense].definition.lower())
        tokens = fold(END.split(text)[0].split(" of ")[0]).split()
        for start in range(max(0, len(tokens) - 3), len(tokens)):
            name = " ".join(tokens[start:])
            meanings = self._tree.names.get(name) or self._tree.names.get(singular(name))
            if meanings:
                frequent = min(meanings, key=meanings.__getitem__)
                return [frequent] if meanings[frequent] <= 2 else []
        return []

    def expand(self, word: str, z: Array) -> Array:
        """Weights of the labels under those things, shape (1000,), at most 1, mostly 0.

        Args:
            word: as WordNet writes it.
            z: the encoder's z-scores of the labels, shape (1000,).
        """
        weights = np.zeros(len(z), np.float32)
        for thing, sure in self.things(word).items():
            under = self.labels_under(thing)
            scores = z[under]
            trust = np.clip((scores.mean() - LEAST_Z) / (FULL_Z - LEAST_Z), 0, 1)
            even = sure * trust * np.exp(EVENNESS * (scores - scores.max()))
            weights[under] = np.maximum(weights[under], even)
        return weights
