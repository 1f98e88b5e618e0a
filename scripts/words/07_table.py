"""Step 7: the table of expansions, and which words are familiar.

Expects: the outputs of steps 1 to 6.
Outputs: .build/words/table.npz, as search/words/table.py describes it, which step 9 corrects: for
every familiar word and every name in the label tree, its 48 best labels, how well they answer it,
and why; and
search/words/data/vectors.npz: the vectors of step 6 for those words and other frequent ones; and
search/words/data/meanings.json: for names with several meanings in the label tree, how likely each
is in a photo, as search/words/tree.py describes it.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import wordnet
from common import BUILD, DATA, Array, classes, vocabulary
from expansion import Sources, expand, load_sources, scale
from familiarity import features, find_familiar
from kinship import Kinship
from numpy.typing import NDArray

from indexer import imagenet
from search.words.spelling import fold, singular
from search.words.table import REASONS, STEPS_A_HALVING, WEAKEST
from search.words.tree import Tree, load_tree

TOP, COMMON, BLOCK = 48, 15_000, 2048
OTHERS = 20_000  # frequent unfamiliar words that keep their vectors, as suggestions
LIKELIHOOD = 0.4  # log-odds that one more z-score gives one meaning of a name over another
VAGUE = 0.7  # "seen with" says least, so it has to be this much stronger
NEAR, FOUND, USED, SEEN, MENTIONS, MENTIONED, KIN = range(len(REASONS))


def tokens(text: str) -> set[str]:
    """Folded singular words of a text."""
    return {singular(token) for token in re.findall(r"[a-z]+", text.lower())}


class Definitions:
    """Which definitions mention which words."""

    def __init__(self, words: wordnet.WordNet) -> None:
        """Index the labels' definitions and names."""
        self._words = words
        self._labels: dict[str, set[int]] = defaultdict(set)
        self._names: dict[str, set[int]] = defaultdict(set)
        for position, label in enumerate(classes()):
            for token in tokens(words.synsets[label].definition):
                self._labels[token].add(position)
            for name in imagenet.names(label):
                self._names[fold(name)].add(position)

    def mentioning(self, word: str) -> set[int]:
        """Labels whose definition holds the word."""
        return self._labels.get(fold(word), set())

    def mentioned(self, word: str) -> set[int]:
        """Labels that a definition of the word names."""
        found: set[int] = set()
        for synset, _ in self._words.all_senses(word):
            for token in tokens(self._words.synsets[synset].definition):
                found |= self._names.get(token, set())
        return found


def why(sources: Sources, rows: slice, graph: Array, best: NDArray[np.int64]) -> NDArray[np.uint8]:
    """The strongest source of each weight, a code into REASONS, shape of `best`."""

    def of_best(values: Array) -> Array:
        return np.take_along_axis(values, best, axis=1)

    spoken = np.stack([of_best(sources.zscores(rows, name)) for name in ("found", "used", "photo")])
    spoken[2] -= VAGUE
    codes = np.array([FOUND, USED, SEEN], np.uint8)[spoken.argmax(axis=0)]
    near = of_best(graph) > 0.02  # twenty times the share of a random label
    return np.where(near & (spoken.max(axis=0) < 3), NEAR, codes).astype(np.uint8)


@dataclass(frozen=True)
class Row:
    """The best labels of a word, ascending, with their weights and reasons."""

    labels: NDArray[np.int64]
    weights: Array
    reasons: NDArray[np.uint8]


class Expander:
    """Expands words into labels."""

    def __init__(self, words: list[str], sources: Sources, tree: Tree) -> None:
        """Take the vocabulary and everything known about it."""
        known = wordnet.read()
        self._words, self._sources, self._tree = words, sources, tree
        self._definitions, self._kinship = Definitions(known), Kinship(known, tree)

    def rows(self, chosen: NDArray[np.int64]) -> Iterator[Row]:
        """Yield a row for each of the chosen positions in the vocabulary, which are ascending."""
        for start in range(0, len(self._words), BLOCK):
            rows = slice(start, start + BLOCK)
            graph, z = self._sources.graph(rows), self._sources.encoder(rows)
            weights, kin = expand(graph, z, self._sources.doubt(rows)), np.zeros_like(z)
            here = chosen[(chosen >= start) & (chosen < start + BLOCK)] - start
            for position in here:
                word = self._words[start + position]
                if fold(word) not in self._tree.names:
                    kin[position] = self._kinship.expand(word, z[position])
            weights = scale(weights + kin)
            best = np.sort(np.argsort(-weights, axis=1, kind="stable")[:, :TOP], axis=1)
            reasons = why(self._sources, rows, graph, best)
            for position in here:
                yield self._row(
                    start + position,
                    best[position],
                    weights[position],
                    reasons[position],
                    kin[position],
                )

    def _row(
        self,
        position: int,
        best: NDArray[np.int64],
        weights: Array,
        reasons: NDArray[np.uint8],
        kin: Array,
    ) -> Row:
        word = self._words[position]
        reasons[np.isin(best, list(self._definitions.mentioning(word)))] = MENTIONS
        reasons[np.isin(best, list(self._definitions.mentioned(word)))] = MENTIONED
        reasons[kin[best] > weights[best] / 2] = KIN
        return Row(best, weights[best], reasons)


def pack(rows: Iterable[Row]) -> dict[str, NDArray[np.generic]]:
    """The arrays of the table."""
    labels, codes = [], []
    for row in rows:
        steps = np.round(-STEPS_A_HALVING * np.log2(np.maximum(row.weights, 1e-9)))
        labels.append(row.labels.astype(np.uint16))
        codes.append(row.reasons << 5 | np.minimum(steps, WEAKEST).astype(np.uint8))
    gaps = np.diff(np.stack(labels), axis=1, prepend=np.uint16(0))  # smaller numbers pack better
    return {"gaps": gaps.T.copy(), "codes": np.stack(codes).T.copy()}


def likely_meanings(words: list[str], sources: Sources, tree: Tree) -> dict[str, dict[str, float]]:
    """Name -> {synset: likelihood against the likeliest}, for names with several in the tree."""
    rows = {fold(word): row for row, word in reversed(list(enumerate(words)))}
    column_of = {label: number for number, label in enumerate(classes())}
    found = {}
    for name, senses in tree.names.items():
        if len(senses) > 1 and name in rows:
            row = rows[name]
            z = sources.encoder(slice(row, row + 1))[0]
            means = {
                one: z[[column_of[label] for label in tree.below(one)]].mean() for one in senses
            }
            best = max(means.values())
            found[name] = {
                one: round(float(np.exp(LIKELIHOOD * (mean - best))), 3)
                for one, mean in means.items()
            }
    return found


def join(words: list[str]) -> NDArray[np.uint8]:
    """Folded words as the bytes of lines."""
    return np.frombuffer("\n".join(fold(word) for word in words).encode(), np.uint8)


def main() -> None:
    """Decide, expand, pack."""
    wordnet_ = wordnet.read()
    words = vocabulary()
    known = [row for row, word in enumerate(words) if word in wordnet_.senses]
    common = np.array(known[:COMMON])
    sources = load_sources(common)
    familiar = find_familiar(words, features(words, sources, wordnet_, common))
    tree = load_tree()
    in_table = familiar | np.array([fold(word) in tree.names for word in words])
    chosen = np.flatnonzero(in_table)
    table = pack(Expander(words, sources, tree).rows(chosen))
    text = json.dumps(likely_meanings(words, sources, tree), separators=(",", ":"))
    (DATA / "meanings.json").write_text(text + "\n", encoding="utf-8")
    chosen_words = [words[row] for row in chosen]
    np.savez_compressed(BUILD / "table.npz", words=join(chosen_words), **table)
    others = np.flatnonzero(~in_table)[:OTHERS]
    kept = np.sort(np.concatenate([chosen, others]))
    codes = np.load(BUILD / "vectors.npz")["codes"][kept]
    kept_words = join([words[row] for row in kept])
    np.savez_compressed(DATA / "vectors.npz", words=kept_words, codes=codes)
    print(f"{len(chosen):,} words in the table, {len(kept):,} with vectors")
    size = sum(file.stat().st_size for file in DATA.iterdir())
    print(f"{size / 1e6:.2f} MB of word data")


if __name__ == "__main__":
    main()
