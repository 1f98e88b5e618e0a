"""Step 7: the table of expansions, and which words are familiar.

Expects: the outputs of steps 1 to 6.
Outputs: search/words/data/table.npz, as search/words/table.py describes it: for every familiar word
and every name in the label tree its 64 best labels, how much they answer it, and why; and
search/words/data/vectors.npz: the vectors of step 6 for those words and other frequent ones.
"""

import json
import re
from collections import defaultdict

import numpy as np
import wordnet
from common import BUILD, DATA, Array, classes, vocabulary
from expansion import Sources, expand, load_sources
from familiarity import features, find_familiar
from numpy.typing import NDArray

from indexer import imagenet
from search.words.spelling import fold, singular
from search.words.table import REASONS, STEPS_A_HALVING, WEAKEST

TOP, COMMON, BLOCK = 64, 15_000, 2048
OTHERS = 30_000  # frequent words that are not familiar but keep their vectors, to be suggested
VAGUE = 0.7  # "seen with" says least, so it has to be that much stronger
NEAR, FOUND, USED, SEEN, MENTIONS, MENTIONED = range(len(REASONS))


def tokens(text: str) -> set[str]:
    """Folded singular words of a text."""
    return {singular(token) for token in re.findall(r"[a-z]+", text.lower())}


class Definitions:
    """Which definitions mention what."""

    def __init__(self, words: wordnet.WordNet) -> None:
        """Read the labels' definitions and names."""
        self._words = words
        self._labels: dict[str, set[int]] = defaultdict(set)
        self._names: dict[str, set[int]] = defaultdict(set)
        for place, label in enumerate(classes()):
            for token in tokens(words.synsets[label].definition):
                self._labels[token].add(place)
            for name in imagenet.names(label):
                self._names[fold(name)].add(place)

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
    near = of_best(graph) > 0.02  # twenty times the share of a label at random
    return np.where(near & (spoken.max(axis=0) < 3), NEAR, codes).astype(np.uint8)


def pack(
    words: list[str], chosen: NDArray[np.int64], sources: Sources, definitions: Definitions
) -> dict[str, NDArray[np.generic]]:
    """Rows of the table for the chosen places of the vocabulary."""
    labels = np.zeros((len(chosen), TOP), np.uint16)
    codes = np.zeros((len(chosen), TOP), np.uint8)
    for start in range(0, len(words), BLOCK):
        rows = slice(start, start + BLOCK)
        here = np.flatnonzero((chosen >= start) & (chosen < start + BLOCK))
        graph, z = sources.graph(rows), sources.encoder(rows)
        weights = expand(graph, z)
        best = np.sort(np.argsort(-weights, axis=1, kind="stable")[:, :TOP], axis=1)
        reasons = why(sources, rows, graph, best)
        strongest = np.take_along_axis(weights, best, axis=1)
        steps = np.round(-STEPS_A_HALVING * np.log2(np.maximum(strongest, 1e-9)))
        for row in here:
            place = chosen[row] - start
            word = words[chosen[row]]
            code = reasons[place]
            code[np.isin(best[place], list(definitions.mentioning(word)))] = MENTIONS
            code[np.isin(best[place], list(definitions.mentioned(word)))] = MENTIONED
            labels[row] = best[place]
            codes[row] = code << 5 | np.minimum(steps[place], WEAKEST).astype(np.uint8)
    gaps = np.diff(labels, axis=1, prepend=np.uint16(0))  # smaller numbers pack better
    return {"gaps": gaps.T.copy(), "codes": codes.T.copy()}


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
    named = json.loads((DATA / "tree.json").read_text(encoding="utf-8"))["senses"]
    in_table = familiar | np.array([fold(word) in named for word in words])
    chosen = np.flatnonzero(in_table)
    table = pack(words, chosen, sources, Definitions(wordnet_))
    chosen_words = [words[row] for row in chosen]
    np.savez_compressed(DATA / "table.npz", words=join(chosen_words), **table)
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
