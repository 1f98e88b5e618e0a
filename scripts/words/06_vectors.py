"""Step 6: the bundled word vectors.

Expects: .build/words/{vocabulary.txt, sentences.npz, walks.npy} (steps 2, 3, 5).
Outputs: search/words/data/vectors.npz, as search/words/vectors.py describes it (the familiar words
are marked by step 7), and search/words/data/vectors.json: how well they agree with people
(Spearman's rho on SimLex-999 and WordSim-353, which gensim ships).

A word's vector joins the encoder's "a photo of WORD" and word2vec on walks, both centred. It is
reduced to its 64 largest principal components and to one byte per number.
"""

import json
from pathlib import Path

import numpy as np
import wordnet
from common import BUILD, DATA, Array, vocabulary
from gensim.test.utils import datapath
from scipy.stats import spearmanr

from search.words.spelling import fold

WALKS_SHARE, DIMENSIONS = 0.7, 64
COMMON = 20_000  # most frequent WordNet words, on which centres and axes are fitted
RIDGE = 3.0
TRUST = 0.6  # length of a guessed walk vector; real ones have length 1
PARENT_SHARE = 0.5


def unit(rows: Array) -> Array:
    """Scale rows to length 1; rows of zeros stay."""
    scaled: Array = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return scaled


def axes(rows: Array) -> Array:
    """Principal axes through the origin, largest first, one per row."""
    return np.linalg.eigh(rows.T @ rows)[1].T[::-1]


def centre(rows: Array, sample: Array, components: int = 1) -> Array:
    """Remove the mean and the largest components of a sample (Mu and Viswanath 2018)."""
    rows = rows - rows[sample].mean(axis=0)
    largest = axes(rows[sample])[:components]
    return unit(rows - rows @ largest.T @ largest)


def complete(walked: Array, spoken: Array, sample: Array) -> Array:
    """Guess the walk vectors that WordNet lacks from the encoder's, by ridge regression."""
    known = np.any(walked, axis=1)
    train = sample[known[sample]]
    x, y = spoken[train], walked[train]
    weights = np.linalg.solve(x.T @ x + RIDGE * np.eye(x.shape[1], dtype=np.float32), x.T @ y)
    guessed = TRUST * unit(spoken @ weights)
    return np.where(known[:, None], walked, guessed)


def human_agreement(words: list[str], vectors: Array) -> dict[str, dict[str, float]]:
    """Spearman's rho between cosines and people's judgements, over the pairs that are known."""
    row_of = {word: row for row, word in enumerate(words)}
    rows = unit(vectors)
    report = {}
    for name, file in (("SimLex-999", "simlex999.txt"), ("WordSim-353", "wordsim353.tsv")):
        text = Path(datapath(file)).read_text(encoding="utf-8")
        lines = [line.lower().split("\t") for line in text.splitlines()]
        pairs = [line for line in lines if len(line) > 2 and not line[0].startswith("#")]
        known = [line for line in pairs if line[0] in row_of and line[1] in row_of]
        cosines = [rows[row_of[line[0]]] @ rows[row_of[line[1]]] for line in known]
        rho = spearmanr(cosines, [float(line[2]) for line in known]).statistic
        report[name] = {"rho": round(float(rho), 3), "pairs": len(known), "of": len(pairs)}
    return report


def main() -> None:
    """Join, cut, measure and pack the vectors."""
    words = vocabulary()
    lemmas = wordnet.read().senses
    sample = np.array([row for row, word in enumerate(words) if word in lemmas][:COMMON])
    sentences = np.load(BUILD / "sentences.npz")
    photo = sentences["photo"].astype(np.float32)
    spoken = centre(photo, sample)
    walked = complete(centre_walks(np.load(BUILD / "walks.npy"), sample), spoken, sample)
    joined = np.hstack([spoken, WALKS_SHARE * walked])
    basis = axes(joined[sample])[:DIMENSIONS]
    vectors = unit(joined @ basis.T)
    codes = np.round(vectors / np.abs(vectors).max(axis=1, keepdims=True) * 127).astype(np.int8)
    report = human_agreement(words, codes.astype(np.float32))
    (DATA / "vectors.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    folded = "\n".join(fold(word) for word in words)
    np.savez_compressed(
        BUILD / "vectors.npz", words=np.frombuffer(folded.encode(), np.uint8), codes=codes
    )
    print(report)


def centre_walks(rows: Array, sample: Array) -> Array:
    """Centre the rows that were walked; the others stay zero."""
    walked = np.any(rows, axis=1)
    mean = rows[sample[walked[sample]]].mean(axis=0)
    return np.where(walked[:, None], unit(rows - mean), 0).astype(np.float32)


if __name__ == "__main__":
    main()
