"""How well words find photos: each source of meaning on its own, side by side.

Everything was tuned on every second query of each kind; results for the others are in brackets.
"""

import csv
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from importlib import resources
from pathlib import Path

from benchmarks.plots import Plot, bars
from benchmarks.tables import Table, median, seconds, shared_photos
from benchmarks.word_steps import Photos, Steps, Weights, read_judgements, read_photos
from search.evaluation.measures import Judgement, Score, score, summarise, worst
from search.words import Thesaurus, load_thesaurus
from search.words.vectors import bundled_keyed_vectors

KINDS = ("name", "synonym", "hypernym", "topic", "phrase")
WANTED = {"name": 0.93, "synonym": 0.84, "hypernym": 0.915, "topic": 0.68, "phrase": 0.86}
STEPS = ("literal", "tokens", "tree", "tree_and_vectors", "tree_and_table", "everything")


def held_out(judgements: list[Judgement]) -> set[str]:
    """Return every second query of each kind, on which nothing was tuned."""
    by_kind: dict[str, list[str]] = defaultdict(list)
    for one in judgements:
        by_kind[one.kind].append(one.query)
    return {query for queries in by_kind.values() for query in queries[1::2]}


def measure(
    photos: Photos, judgements: list[Judgement], step: Callable[[str], Weights], words: Thesaurus
) -> list[Score]:
    """Rank all photos for each query; `why` names the labels of the five best photos."""
    scores = []
    for one in judgements:
        weights = step(one.query)
        ranking = photos.rank(weights)
        best = [max(photos.labels[id_], key=photos.labels[id_].__getitem__) for id_ in ranking[:5]]
        heaviest = sorted(weights, key=lambda wnid: -weights[wnid])
        taken = words.tree.describe(heaviest) or "nothing"
        on_top = ", ".join(map(words.tree.labels.__getitem__, best)) or "nothing"
        why = f"taken to mean {taken}; on top: {on_top}"
        scores.append(score(one, ranking, why))
    return scores


def tables() -> Iterator[Table | Plot]:
    """Measure the steps side by side, the worst queries, honesty, speed, and the vectors alone."""
    words, photos = load_thesaurus(), read_photos()
    judgements = read_judgements(photos)
    held, steps = held_out(judgements), Steps(words)
    rows, means = [], {}
    for name in STEPS:
        scores = measure(photos, judgements, getattr(steps, name), words)
        rows.append((name.replace("_", " "), *_cells(scores, held)))
        by_kind = {row.kind: row.map for row in summarise(scores)}
        means[name.replace("_", " ")] = [by_kind[kind] for kind in KINDS]
    rows.append(("target", *(f"{WANTED[kind]:.3f}" for kind in KINDS)))
    notes = "mAP over the 600 everyday photos; in brackets, for queries on which nothing was tuned."
    yield Table("Words: each step on its own", ("step", *KINDS), rows, notes)
    yield Plot("quality_words", "mAP of each step by kind of query", bars(KINDS, means))
    yield _kinds(scores)
    lines = [(one.query, f"{one.average_precision:.3f}", one.why) for one in worst(scores)]
    yield Table("Words: the ten worst queries", ("query", "average precision", "why"), lines)
    yield honesty(words, judgements)
    yield speed(words, judgements)
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


def honesty(words: Thesaurus, judgements: list[Judgement]) -> Table:
    """Count which kinds of words are called unfamiliar."""
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
    notes = "The last column names queries of the smaller group."
    return Table("Words: called unfamiliar", ("kind", "unfamiliar", "among them"), rows, notes)


def speed(words: Thesaurus, judgements: list[Judgement]) -> Table:
    """Measure the size of the data, how fast they load, and how fast a word is understood."""
    folder = Path(str(resources.files("search.words.data")))
    size = sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
    load = "from search.words import load_thesaurus; load_thesaurus().understand('zebra')"
    keyed = "from search.words.vectors import bundled_keyed_vectors as load; load()"
    words.understand("red car")  # loads the vectors
    queries = [one.query for one in judgements]
    times = [seconds(partial(words.understand, query)) for query in queries]
    rows = [
        ("bundled word data", f"{size / 1e6:.2f} MB", "8 MB"),
        ("loading, to the first word understood", f"{_in_process(load):.2f} s", "0.3 s"),
        (
            "loading the vectors as gensim's KeyedVectors",
            f"{_in_process(keyed, 'gensim.models'):.2f} s",
            "0.3 s",
        ),
        ("a new query, median", f"{median(times) * 1e3:.2f} ms", "5 ms"),
        ("a new query, slowest", f"{max(times) * 1e3:.2f} ms", ""),
    ]
    return Table("Words: size and speed", ("what", "measured", "target"), rows)


def _in_process(code: str, *modules: str) -> float:
    """Return the median seconds that `code` takes in new processes that imported `modules`."""
    timed = (
        f"import numpy, {', '.join(['time', *modules])}; began = time.perf_counter(); {code}; "
        "print(time.perf_counter() - began)"
    )
    runs = [subprocess.check_output([sys.executable, "-c", timed]) for _ in range(5)]
    return median(float(run) for run in runs)


def vectors() -> Table:
    """Compare the bundled vectors with people's judgements, by gensim's own evaluation."""
    from gensim.test.utils import datapath

    keyed = bundled_keyed_vectors()
    rows = []
    for name, file, wanted in (
        ("SimLex-999", "simlex999.txt", ".50"),
        ("WordSim-353", "wordsim353.tsv", ".70"),
    ):
        _, spearman, missing = keyed.evaluate_word_pairs(datapath(file))
        rows.append((name, f"{spearman.statistic:.3f}", wanted, f"{missing:.1f} %"))
    return Table("Words: bundled vectors", ("test", "Spearman", "target", "pairs missing"), rows)
