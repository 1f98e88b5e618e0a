"""How well each label answers a word that may not name it, by graph, sentence encoder and GloVe.

Everything here works on a block of words at a time: arrays of shape (words, 1000).
"""

from dataclasses import dataclass

import numpy as np
from common import BUILD, Array, vocabulary
from glove import Glove
from numpy.typing import NDArray
from spelled import Spelled

PAIRS = [(query, label) for query in ("found", "used", "photo") for label in ("kind", "both")]
GRAPH_POWER = 0.25  # between the ratio to chance (0) and the plain PageRank (1)
AGREEMENT = 0.7  # how strongly the encoder corrects the graph
SHARPNESS = 4
MISLED = 4.0  # what similar spelling adds to the encoder's z-score, removed if GloVe doubts it
CREDIBLE = 1.5  # GloVe's z-score from which a label that is spelled alike is trusted
DOUBT, VETO = 1.0, 0.5  # below this z-score of GloVe, a label counts exponentially less
KIN, KIN_SHARE = 10, 0.3  # a label's score is smoothed over its nearest labels
REFERENCE = 5_000  # common words that show what score a label gives to any word
SCALE = 1.05  # brings the variance back to one after averaging


def normalise(rows: Array) -> Array:
    """Scale rows to the sum 1; rows of zeros stay."""
    shares: Array = rows / np.maximum(rows.sum(axis=1, keepdims=True), 1e-12)
    return shares


@dataclass
class Sources:
    """What steps 3 and 4 wrote, and each label's mean and deviation over common words."""

    words: list[str]
    glove: Glove
    spelled: Spelled
    sentences: dict[str, Array]
    ratio: Array
    total: Array
    moments: dict[tuple[str, str], tuple[Array, Array]]
    kin: NDArray[np.int64]

    def zscores(self, rows: slice, query: str) -> Array:
        """z-score of each label by one query template, mean over the label texts."""
        words = self.sentences[query][rows].astype(np.float32)
        parts = []
        for label in ("kind", "both"):
            mean, deviation = self.moments[query, label]
            parts.append((words @ self.sentences[label].T - mean) / deviation)
        return np.mean(parts, axis=0, dtype=np.float32)

    def encoder(self, rows: slice) -> Array:
        """z-score of each label by all templates, minus what only its spelling adds."""
        z = np.mean([self.zscores(rows, query) for query in ("found", "used", "photo")], axis=0)
        doubt = np.clip(1 - self.glove.zscores(self.words[rows]) / CREDIBLE, 0, 1)
        z = z - MISLED * doubt * self.spelled.alike(self.words[rows])
        kin = sum(z[:, self.kin[:, near]] for near in range(KIN)) / KIN
        return ((z + KIN_SHARE * kin) * (SCALE / (1 + KIN_SHARE))).astype(np.float32)

    def graph(self, rows: slice) -> Array:
        """Shares of the labels by the graph alone."""
        return normalise(self.ratio[rows] * self.total**GRAPH_POWER)

    def doubt(self, rows: slice) -> Array:
        """Factors in (0, 1] by which GloVe lowers labels that it finds far from a word."""
        return np.exp(VETO * np.minimum(self.glove.zscores(self.words[rows]) - DOUBT, 0))


def load_sources(common: NDArray[np.int64]) -> Sources:
    """Read the sources; `common` are the rows of common words, a sample of which is used."""
    sentences = dict(np.load(BUILD / "sentences.npz"))
    graph = np.load(BUILD / "graph.npz")
    for name in ("kind", "gloss", "names", "pictures"):
        sentences[name] = sentences[name].astype(np.float32)
    both = sentences["names"] + sentences["gloss"]
    sentences["both"] = both / np.linalg.norm(both, axis=1, keepdims=True)
    sample = np.random.default_rng(0).choice(common, REFERENCE, replace=False)
    moments = {}
    for query, label in PAIRS:
        cosines = sentences[query][sample].astype(np.float32) @ sentences[label].T
        moments[query, label] = cosines.mean(axis=0), cosines.std(axis=0)
    texts = sentences["kind"] + sentences["both"] + sentences["pictures"]
    texts /= np.linalg.norm(texts, axis=1, keepdims=True)
    kin = np.argsort(-(texts @ texts.T), axis=1)[:, 1 : KIN + 1]
    words = vocabulary()
    glove = Glove([words[row] for row in sample])
    return Sources(words, glove, Spelled(), sentences, graph["ratio"], graph["total"], moments, kin)


def scale(rows: Array) -> Array:
    """Scale rows to the maximum 1; rows of zeros stay."""
    scaled: Array = rows / np.maximum(rows.max(axis=1, keepdims=True), 1e-12)
    return scaled


def expand(graph: Array, z: Array, doubt: Array) -> Array:
    """The weights e: half the graph as the encoder corrects it, half the encoder, maximum 1."""
    corrected = normalise(graph * np.exp(np.clip(AGREEMENT * z, -1, 4)))
    spoken = normalise(np.maximum(z, 0) ** SHARPNESS)
    return scale((0.5 * corrected + 0.5 * spoken) * doubt)
