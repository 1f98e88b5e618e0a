"""Step 4: how near each word is to each label in the WordNet graph, by personalised PageRank.

Expects: WordNet 3.0, .build/words/vocabulary.txt (step 2).
Outputs: .build/words/graph.npz: "ratio", float32, shape (words, 1000), a word's personalised
PageRank over the global one, 0 where WordNet lacks the word; "total", float32, shape (1000,), the
global PageRank of the labels; "links", the sparse matrix of step 5's walks as its three arrays.

Method: Agirre and Soroa 2009, "Personalizing PageRank for word sense disambiguation"; it is the
limit of the random walks that Goikoetxea et al. 2015 train word2vec on. Edges: every WordNet
relation both ways, weight 1; the first sense of every word of a definition both ways, weight .3.
"""

import re

import numpy as np
import wordnet
from common import BUILD, Array, classes, vocabulary
from scipy import sparse

DEFINITION, RESTART, ROUNDS = 0.3, 0.15, 30
COLUMNS = 125  # labels at a time, 60 MB

STOP = frozenset(
    """a an and any are as at be been being but by can do does each especially etc for from had has
    have having he her him his how if in into is it its itself made may more most no not of off on
    one or other out over she so some such than that the their them then there these they this those
    through to under up used using usually was were when where which while who whose will with
    without you your""".split()  # noqa: SIM905
)
ENDS = {
    "n": [("s", ""), ("ses", "s"), ("xes", "x"), ("zes", "z"), ("ches", "ch"), ("shes", "sh"),
          ("men", "man"), ("ies", "y")],
    "v": [("s", ""), ("ies", "y"), ("es", "e"), ("es", ""), ("ed", "e"), ("ed", ""), ("ing", "e"),
          ("ing", "")],
    "a": [("er", ""), ("est", ""), ("er", "e"), ("est", "e")],
    "r": [],
}  # fmt: skip


def first_sense(words: wordnet.WordNet, token: str) -> str | None:
    """The most tagged first sense among all kinds and base forms of a token; nouns win ties."""
    best: tuple[int, str] | None = None
    for kind, ends in ENDS.items():
        forms = [token, words.exceptions[kind].get(token, "")]
        forms += [token[: -len(end)] + new for end, new in ends if token.endswith(end)]
        for form in forms:
            senses = words.senses.get(form, {}).get(kind)
            if senses and (best is None or senses[0][1] > best[0]):
                best = (senses[0][1], senses[0][0])
    return best[1] if best else None


def definition_senses(words: wordnet.WordNet, synset: wordnet.Synset) -> set[str]:
    """First senses of the words in a definition, without the synset itself."""
    tokens = set(re.findall(r"[a-z]+", synset.definition.lower())) - STOP
    return {sense for token in tokens if (sense := first_sense(words, token))} - {synset.id}


def build(words: wordnet.WordNet) -> tuple[sparse.csr_array, dict[str, int]]:
    """Return the row-stochastic matrix over all synsets, and the row of each synset."""
    row_of = {synset: number for number, synset in enumerate(words.synsets)}
    edges: dict[tuple[int, int], float] = {}
    for synset in words.synsets.values():
        here = row_of[synset.id]
        weighted = [(other, 1.0) for _, other in synset.relations]
        weighted += [(other, DEFINITION) for other in definition_senses(words, synset)]
        for other, weight in weighted:
            there = row_of[other]
            for edge in ((here, there), (there, here)):
                edges[edge] = max(edges.get(edge, 0.0), weight)
    rows, columns = np.array(list(edges), np.int32).T
    values = np.fromiter(edges.values(), np.float32)
    links = sparse.csr_array((values, (rows, columns)), shape=(len(row_of), len(row_of)))
    sums = np.maximum(links.sum(axis=1), 1e-9)
    return sparse.csr_array(links.multiply((1 / sums)[:, None])), row_of


def pagerank_to(links: sparse.csr_array, targets: np.ndarray) -> Array:
    """PageRank from every synset to the targets: float32, shape (synsets, targets).

    Solves x = restart e + (1 - restart) links x for all starts at once. Column t of x holds, for
    every start, the share of time that a walk restarting there spends at t.
    """
    start = np.zeros((links.shape[0], len(targets)), np.float32)
    start[targets, np.arange(len(targets))] = RESTART
    share = start.copy()
    for _ in range(ROUNDS):
        share = start + np.float32(1 - RESTART) * (links @ share)
    return share


def main() -> None:
    """Build the graph, walk it from every word, write the file."""
    words = wordnet.read()
    links, row_of = build(words)
    print(f"{links.shape[0]:,} synsets, {links.nnz:,} links", flush=True)
    names = vocabulary()
    starts = sparse.lil_array((len(names), len(row_of)), dtype=np.float32)
    for row, name in enumerate(names):
        senses = words.all_senses(name)
        total = sum(count + 1 for _, count in senses)
        for sense, count in senses:
            starts[row, row_of[sense]] += (count + 1) / total
    starts = sparse.csr_array(starts)
    ratio = np.zeros((len(names), 1000), np.float32)
    total = np.zeros(1000, np.float32)
    targets = np.array([row_of[label] for label in classes()])
    for first in range(0, 1000, COLUMNS):
        share = pagerank_to(links, targets[first : first + COLUMNS])
        columns = slice(first, first + share.shape[1])
        total[columns] = share.mean(axis=0)
        ratio[:, columns] = (starts @ share) / total[columns]
    np.savez(
        BUILD / "graph.npz",
        ratio=ratio,
        total=total,
        data=links.data,
        indices=links.indices,
        indptr=links.indptr,
    )


if __name__ == "__main__":
    main()
