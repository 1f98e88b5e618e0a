"""How well words find photos: each source of meaning by itself, side by side.

Everything was tuned on every second query of each kind; the others are reported beside all.
"""

import csv
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from benchmarks.tables import Table, shared_photos
from search.evaluation import Judgement, Score, score, summarise, worst
from search.library import open_library
from search.words import Words, load_words
from search.words.spelling import fold, singular
from search.words.vectors import bundled_keyed_vectors

Weights = Mapping[str, float]
KINDS = ("name", "synonym", "hypernym", "topic", "phrase")
WANTED = {"name": 0.93, "synonym": 0.84, "hypernym": 0.915, "topic": 0.68, "phrase": 0.86}


@dataclass(frozen=True)
class Photos:
    """Labels of every photo by id: {WordNet id: probability}; and the ids of each category."""

    labels: dict[str, dict[str, float]]
    categories: dict[str, set[str]]

    def rank(self, weights: Weights) -> list[str]:
        """Ids of photos with a score over 0, best first, ties by id, as a store ranks."""
        totals = {
            id_: sum(weights.get(wnid, 0.0) * probability for wnid, probability in labels.items())
            for id_, labels in self.labels.items()
        }
        found = [id_ for id_, total in totals.items() if total > 0]
        return sorted(found, key=lambda id_: (-totals[id_], id_))


class Steps:
    """The ways from a query to weights, each with one more source than the one before."""

    def __init__(self, words: Words) -> None:
        """Take what is known about words."""
        self._words = words

    def literal(self, query: str) -> Weights:
        """The query is the one name of a label."""
        names = self._words.tree.labels
        return {wnid: 1.0 for wnid, name in names.items() if fold(name) == fold(query)}

    def tokens(self, query: str) -> Weights:
        """Every word of the query is in a name of the label."""
        wanted = {singular(word) for word in fold(query).split()}
        tree = self._words.tree
        held = {wnid: " ".join(map(fold, tree.names_of(wnid))).split() for wnid in tree.labels}
        return {wnid: 1.0 for wnid, tokens in held.items() if wanted <= set(tokens)}

    def tree(self, query: str) -> Weights:
        """The labels under any meaning of the query as one name."""
        name = self._words.lexicon.find(fold(query))
        return self._words.tree.closure(name) if name else {}

    def tree_and_vectors(self, query: str) -> Weights:
        """The tree, and where it has nothing the labels nearest in the bundled vectors."""
        named = self.tree(query)
        near = None if named else self._words.vectors.expand(fold(query))
        return near.weights if near else named

    def tree_and_table(self, query: str) -> Weights:
        """The tree widened by the table, the query as one name."""
        name = self._words.lexicon.find(fold(query))
        return self.everything(name) if name else {}

    def everything(self, query: str) -> Weights:
        """What a search does, phrases included."""
        weights: dict[str, float] = defaultdict(float)
        for part in self._words.understand(query).parts:
            for wnid, weight in part.labels.items():
                weights[wnid] += weight
        return weights


def read_photos() -> Photos:
    """Index the everyday photos and keep their labels."""
    folder = shared_photos()
    with (folder / "truth.csv").open() as file:
        category = {row["path"]: row["category"] for row in csv.DictReader(file)}
    labels, categories = {}, defaultdict(set)
    with (
        tempfile.TemporaryDirectory() as home,
        open_library(f"sqlite:///{home}/photos.db") as library,
    ):
        library.index([folder / "everyday"])
        for photo in library.store.scan():
            labels[photo.id] = {label.wnid: label.probability for label in photo.labels}
            for path in photo.paths:
                categories[category["/".join(path.split("/")[-2:])]].add(photo.id)
    return Photos(labels, categories)


def read_judgements(photos: Photos) -> list[Judgement]:
    """The queries and their right answers, in the order of the file."""
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


def held_out(judgements: list[Judgement]) -> set[str]:
    """Every second query of each kind, which nothing was tuned on."""
    by_kind: dict[str, list[str]] = defaultdict(list)
    for one in judgements:
        by_kind[one.kind].append(one.query)
    return {query for queries in by_kind.values() for query in queries[1::2]}


def measure(
    photos: Photos, judgements: list[Judgement], step: Callable[[str], Weights], words: Words
) -> list[Score]:
    """Rank all photos for each query; `why` names the labels of the five best photos."""
    scores = []
    for one in judgements:
        weights = step(one.query)
        ranking = photos.rank(weights)
        best = [max(photos.labels[id_], key=photos.labels[id_].__getitem__) for id_ in ranking[:5]]
        heaviest = sorted(weights, key=lambda wnid: -weights[wnid])
        taken = words.tree.describe(heaviest)
        why = f"taken for {taken}; on top: {', '.join(map(words.tree.labels.__getitem__, best))}"
        scores.append(score(one, ranking, why))
    return scores


def tables() -> Iterator[Table]:
    """The steps side by side, the worst queries, honesty, and the vectors by themselves."""
    words, photos = load_words(), read_photos()
    judgements = read_judgements(photos)
    held, steps = held_out(judgements), Steps(words)
    rows = []
    for name in ("literal", "tokens", "tree", "tree_and_vectors", "tree_and_table", "everything"):
        scores = measure(photos, judgements, getattr(steps, name), words)
        rows.append((name.replace("_", " "), *_cells(scores, held)))
    rows.append(("wanted", *(f"{WANTED[kind]:.3f}" for kind in KINDS)))
    notes = "mAP over the 600 everyday photos; in brackets the queries that nothing was tuned on."
    yield Table("Words: each step by itself", ("step", *KINDS), rows, notes)
    yield _kinds(scores)
    lines = [(one.query, f"{one.average_precision:.3f}", one.why) for one in worst(scores)]
    yield Table("Words: the ten worst queries", ("query", "average precision", "why"), lines)
    yield honesty(words, judgements)
    yield vectors()


def _cells(scores: list[Score], held: set[str]) -> Iterator[str]:
    everywhere = {row.kind: row.map for row in summarise(scores)}
    elsewhere = {row.kind: row.map for row in summarise(s for s in scores if s.query in held)}
    for kind in KINDS:
        yield f"{everywhere[kind]:.3f} ({elsewhere[kind]:.3f})"


def _kinds(scores: list[Score]) -> Table:
    rows = [
        (
            row.kind,
            str(row.queries),
            f"{row.map:.3f}",
            f"{row.p_at_20:.3f}",
            f"{row.recall_at_20:.3f}",
        )
        for row in summarise(scores)
    ]
    return Table(
        "Words: everything, by kind", ("kind", "queries", "mAP", "p@20", "recall@20"), rows
    )


def honesty(words: Words, judgements: list[Judgement]) -> Table:
    """How many words are called unfamiliar, by what they are."""
    asked: dict[str, list[str]] = defaultdict(list)
    for one in judgements:
        asked[one.kind].append(one.query)
    with (shared_photos() / "absent.csv").open() as file:
        for row in csv.DictReader(file):
            asked[f"absent: {row['why']}"].append(row["word"])
    rows = []
    for kind, queries in asked.items():
        unknown = [query for query in queries if not words.understand(query).familiar]
        known = [query for query in queries if query not in unknown]
        fewer = min(unknown, known, key=len)
        rows.append((kind, f"{len(unknown) / len(queries):.1%}", ", ".join(fewer[:8])))
    notes = "The last column names the queries of the smaller side."
    return Table("Words: called unfamiliar", ("kind", "unfamiliar", "among them"), rows, notes)


def vectors() -> Table:
    """The bundled vectors against people's judgements, by gensim's own evaluation."""
    from gensim.test.utils import datapath

    keyed = bundled_keyed_vectors()
    rows = []
    for name, file, wanted in (
        ("SimLex-999", "simlex999.txt", ".50"),
        ("WordSim-353", "wordsim353.tsv", ".70"),
    ):
        _, spearman, missing = keyed.evaluate_word_pairs(datapath(file))
        rows.append((name, f"{spearman.statistic:.3f}", wanted, f"{missing:.1f} %"))
    return Table("Words: bundled vectors", ("test", "Spearman", "wanted", "pairs missing"), rows)
