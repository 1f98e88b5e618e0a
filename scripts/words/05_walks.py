"""Step 5: word2vec (gensim) on random walks over WordNet.

Expects: .build/words/{graph.npz (step 4), vocabulary.txt (step 2)}.
Outputs: .build/words/walks.npy, float32, one row per word of the vocabulary, shape (words, 100);
zeros where WordNet lacks the word. With two threads, a second run differs slightly.
"""

import logging

import numpy as np
from common import BUILD, vocabulary
from gensim.models import Word2Vec
from scipy import sparse
from walks import write_corpus

WALKS_A_MEANING, DIMENSIONS, SEED = 15, 100, 1


def main() -> None:
    """Write the walks, train on them, write the vectors."""
    logging.basicConfig(level=logging.WARNING)
    words, corpus = vocabulary(), BUILD / "walks.txt"
    graph = np.load(BUILD / "graph.npz")
    size = len(graph["indptr"]) - 1
    links = sparse.csr_array((graph["data"], graph["indices"], graph["indptr"]), (size, size))
    write_corpus(corpus, links, words, WALKS_A_MEANING, SEED)
    model = Word2Vec(
        corpus_file=str(corpus),
        vector_size=DIMENSIONS,
        sg=1,
        window=5,
        negative=5,
        min_count=1,
        sample=1e-4,
        epochs=2,
        workers=2,
        seed=SEED,
    )
    rows = np.zeros((len(words), DIMENSIONS), np.float32)
    for row, word in enumerate(words):
        name = word.replace(" ", "_")
        if name in model.wv:
            rows[row] = model.wv[name]
    np.save(BUILD / "walks.npy", rows)
    print(f"{np.any(rows, axis=1).sum():,} words walked")


if __name__ == "__main__":
    main()
