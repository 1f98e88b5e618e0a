"""The table of expansions: for common words, the labels that answer them without being named.

Built by scripts/words from personalised PageRank over WordNet and a sentence encoder.
table.npz holds `words` (folded, as lines of UTF-8, the most frequent first) and two uint8-like
matrices of shape (48, words): `gaps`, the differences between a word's labels in ascending class
order, and `codes`: the lower 5 bits are the weight as a power of two, the upper 3 the reason.
"""

from importlib import resources

import numpy as np
from numpy.typing import NDArray

from search.words.expansions import Expansion

STEPS_A_HALVING = 3
WEAKEST = 31  # the largest code of a weight, which stands for "none"

REASONS = (
    "near {} in WordNet",
    "found around {}",
    "used for {}",
    "seen with {}",
    "its definition mentions {}",
    "the definition of {} mentions it",
    "of one kind with {}",
)


class Table:
    """Words to expansions."""

    def __init__(
        self,
        words: tuple[str, ...],
        classes: tuple[str, ...],
        gaps: NDArray[np.uint16],
        codes: NDArray[np.uint8],
    ) -> None:
        """Take the content of table.npz and the labels in class order."""
        self.words = words
        self._rows = dict(zip(reversed(words), reversed(range(len(words))), strict=True))
        self._classes = classes
        self._gaps = gaps
        self._codes = codes

    def __contains__(self, word: str) -> bool:
        """Whether the word has an expansion."""
        return word in self._rows

    def expand(self, word: str) -> Expansion:
        """Return the expansion of a known folded word."""
        row = self._rows[word]
        labels = np.cumsum(self._gaps[:, row])
        codes = self._codes[:, row]
        weights, reasons = {}, {}
        for label, code in zip(labels.tolist(), codes.tolist(), strict=True):
            step, reason = code & WEAKEST, code >> 5
            if step < WEAKEST:
                wnid = self._classes[label]
                weights[wnid] = 2.0 ** (-step / STEPS_A_HALVING)
                reasons[wnid] = REASONS[reason].format(word)
        return Expansion(weights, reasons)


def load_table() -> Table:
    """Read the bundled table."""
    from indexer import imagenet

    with resources.files("search.words.data").joinpath("table.npz").open("rb") as file:
        data = np.load(file)
        words = tuple(data["words"].tobytes().decode().split("\n"))
        return Table(words, imagenet.classes(), data["gaps"], data["codes"])
