"""The ways from a query to labels that `quality_words` compares, and the photos they rank."""

import csv
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.tables import shared_photos
from indexer.stores import open_store
from search.evaluation.measures import Judgement
from search.library import open_library
from search.words import Thesaurus
from search.words.spelling import fold, singular

Weights = Mapping[str, float]


@dataclass(frozen=True)
class Photos:
    """The labels of every photo, {WordNet id: probability}, and the photos of each category."""

    labels: dict[str, dict[str, float]]
    categories: dict[str, set[str]]

    def rank(self, weights: Weights) -> list[str]:
        """Return the ids of photos with a score over 0 as a store ranks: best first, ties by id."""
        totals = {
            id_: sum(weights.get(wnid, 0.0) * probability for wnid, probability in labels.items())
            for id_, labels in self.labels.items()
        }
        found = [id_ for id_, total in totals.items() if total > 0]
        return sorted(found, key=lambda id_: (-totals[id_], id_))


class Steps:
    """The ways from a query to weights, each with one source more than the previous one."""

    def __init__(self, words: Thesaurus) -> None:
        """Take what is known about words."""
        self._words = words

    def literal(self, query: str) -> Weights:
        """Match the query with whole names of labels."""
        names = self._words.tree.labels
        return {wnid: 1.0 for wnid, name in names.items() if fold(name) == fold(query)}

    def tokens(self, query: str) -> Weights:
        """Match labels whose names hold every word of the query."""
        wanted = {singular(word) for word in fold(query).split()}
        tree = self._words.tree
        held = {wnid: " ".join(map(fold, tree.names_of(wnid))).split() for wnid in tree.labels}
        return {wnid: 1.0 for wnid, tokens in held.items() if wanted <= set(tokens)}

    def tree(self, query: str) -> Weights:
        """Return the labels under any meaning of the query, taken as one name."""
        name = self._words.lexicon.find(fold(query))
        return self._words.tree.closure(name) if name else {}

    def tree_and_vectors(self, query: str) -> Weights:
        """Use the tree, or the labels nearest in the bundled vectors if the tree has nothing."""
        named = self.tree(query)
        near = None if named else self._words.vectors.expand(fold(query))
        return near.weights if near else named

    def tree_and_table(self, query: str) -> Weights:
        """Use the tree extended by the table, with the query as one name."""
        name = self._words.lexicon.find(fold(query))
        return self.everything(name) if name else {}

    def everything(self, query: str) -> Weights:
        """Do what a search does, including phrases."""
        weights: dict[str, float] = defaultdict(float)
        for part in self._words.understand(query).parts:
            for wnid, weight in part.labels.items():
                weights[wnid] += weight
        return weights


def read_photos() -> Photos:
    """Index the everyday photos and return their labels."""
    folder = shared_photos()
    with (folder / "truth.csv").open() as file:
        category = {row["path"]: row["category"] for row in csv.DictReader(file)}
    labels, categories = {}, defaultdict(set)
    with tempfile.TemporaryDirectory() as home:
        url = f"sqlite:///{home}/photos.db"
        with open_library(url) as library:
            library.index([folder / "everyday"])
        for photo in open_store(url).photos.scan():
            labels[photo.id] = {label.wnid: label.probability for label in photo.labels}
            for path in photo.paths:
                categories[category["/".join(path.split("/")[-2:])]].add(photo.id)
    return Photos(labels, categories)


def read_judgements(photos: Photos) -> list[Judgement]:
    """Return the queries and their correct answers, in the order of the file."""
    with (shared_photos() / "queries.csv").open() as file:
        return [
            Judgement(
                row["query"],
                row["kind"],
                frozenset().union(
                    *(photos.categories[one] for one in row["categories"].split(";"))
                ),
            )
            for row in csv.DictReader(file)
        ]
