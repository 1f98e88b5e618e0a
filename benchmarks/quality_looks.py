"""What it brings, and what it costs, to look at more of a photo than its middle.

The constants of indexer/network/looks.py were chosen on every second query of each kind; results
for the others are in brackets.
"""

import csv
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks import several_things
from benchmarks.quality_words import KINDS, held_out
from benchmarks.several_things import Photo
from benchmarks.tables import Table, shared_photos
from benchmarks.word_steps import Photos, Steps
from indexer import imagenet
from indexer.network import models
from indexer.network.describer import Describer, open_describer
from indexer.network.options import NetworkOptions
from indexer.photos.decoding import decode
from indexer.records import Matrix
from search.evaluation.measures import Judgement, Score, average_precision, score, summarise
from search.words import load_thesaurus

MODEL = "efficientnet_lite0"
WANTED = {"name": 0.935, "synonym": 0.84, "hypernym": 0.925, "topic": 0.635, "phrase": 0.81}
EVERYDAY, OTHERS, LARGE = "everyday photos", "photos to teach", "photos of 12 megapixels"
ENLARGED = 12

Scores = Mapping[int, list[Score]]
"""By the number of looks."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the network saw in the photos of a set.

    Attributes:
        labels: of each photo.
        vectors: float32, shape (n, d).
        looks: at a photo, on average.
        seconds: of processor time a photo, for decoding, cropping and the network.
    """

    labels: list[dict[str, float]]
    vectors: Matrix
    looks: float
    seconds: tuple[float, float, float]


def tables() -> Iterator[Table]:
    """Compare one look with those that `--looks auto` means, on every set, in turns."""
    auto = models.load(MODEL).looks
    with tempfile.TemporaryDirectory() as home:
        everyday = several_things.read(shared_photos(), "everyday")
        others = several_things.read(shared_photos(), "teach")
        sets = {EVERYDAY: everyday, **several_things.build(everyday, Path(home))}
        large = _enlarge(everyday[:: len(everyday) // ENLARGED], Path(home))
        seen = _describe_all({**sets, OTHERS: others, LARGE: large}, auto)
    queries, steps = _read_queries(), Steps(load_thesaurus())
    weights = {query: steps.everything(query) for query, _, _ in queries}
    scores: dict[str, Scores] = {}
    for name, photos in sets.items():
        judgements = list(_judge(photos, queries))
        scores[name] = {
            looks: _rank(one.labels, judgements, weights) for looks, one in seen[name].items()
        }
    yield _by_set(sets, scores, auto)
    yield _by_kind(scores[EVERYDAY], auto)
    yield _similar(others, seen[OTHERS])
    yield _costs(seen, auto)


def _enlarge(photos: Sequence[Photo], home: Path) -> list[Photo]:
    """Write photos as a phone would, of 4,000 x 3,000 pixels."""
    paths = [home / f"large-{number}.jpg" for number in range(len(photos))]
    for path, photo in zip(paths, photos, strict=True):
        with Image.open(photo.path) as image:
            image.convert("RGB").resize((4000, 3000), Image.Resampling.BICUBIC).save(path)
    return [Photo(path, photo.categories) for path, photo in zip(paths, photos, strict=True)]


def _describe_all(sets: Mapping[str, Sequence[Photo]], auto: int) -> dict[str, dict[int, Seen]]:
    describers = [open_describer(NetworkOptions(MODEL, looks=looks), None) for looks in (1, auto)]
    for one in describers:
        one.load()
    return {
        name: {one.looks: _describe(one, photos) for one in describers}
        for name, photos in sets.items()
    }


def _describe(describer: Describer, photos: Sequence[Photo]) -> Seen:
    """Describe photos one step after the other, so that each can be timed."""
    labels, vectors, times, looks = [], [], np.zeros(3), 0
    for photo in photos:
        data, marks = photo.path.read_bytes(), [time.process_time()]
        image = decode(data, describer.side).image
        marks.append(time.process_time())
        pixels = describer.prepare(image)
        marks.append(time.process_time())
        (seen,) = describer.describe_all([[pixels]])
        times += np.diff([*marks, time.process_time()])
        looks += len(pixels)
        top = imagenet.most_probable(seen.probabilities[0])
        labels.append({label.wnid: label.probability for label in top})
        vectors.append(seen.vectors[0])
    decoding, cropping, network = (times / len(photos)).tolist()
    return Seen(labels, np.stack(vectors), looks / len(photos), (decoding, cropping, network))


def _read_queries() -> list[tuple[str, str, set[str]]]:
    with (shared_photos() / "queries.csv").open() as file:
        rows = list(csv.DictReader(file))
    return [(row["query"], row["kind"], set(row["categories"].split(";"))) for row in rows]


@cache
def _held_out() -> set[str]:
    return held_out([Judgement(query, kind, frozenset()) for query, kind, _ in _read_queries()])


def _judge(
    photos: Sequence[Photo], queries: Sequence[tuple[str, str, set[str]]]
) -> Iterator[Judgement]:
    """Yield the queries that have an answer in a set; a photo's id is its number there."""
    for query, kind, categories in queries:
        right = [f"{at:04}" for at, one in enumerate(photos) if one.categories & categories]
        if right:
            yield Judgement(query, kind, frozenset(right))


def _rank(
    labels: Sequence[dict[str, float]],
    judgements: Sequence[Judgement],
    weights: Mapping[str, Mapping[str, float]],
) -> list[Score]:
    photos = Photos({f"{at:04}": one for at, one in enumerate(labels)}, {})
    return [score(one, photos.rank(weights[one.query])) for one in judgements]


def _means(scores: Sequence[Score], kind: str = "all") -> tuple[float, float]:
    """Return the mAP of all queries, and of those on which nothing was chosen."""
    kept = [one for one in scores if one.query in _held_out()]
    of_all, of_held = (
        next(row.map for row in summarise(some) if row.kind == kind) for some in (scores, kept)
    )
    return of_all, of_held


def _cell(scores: Sequence[Score], kind: str = "all") -> str:
    of_all, of_held = _means(scores, kind)
    return f"{of_all:.3f} ({of_held:.3f})"


def _by_set(sets: Mapping[str, Sequence[Photo]], scores: Mapping[str, Scores], auto: int) -> Table:
    rows = [
        (
            name,
            f"{len(photos)}",
            f"{len(scores[name][1])}",
            _cell(scores[name][1]),
            _cell(scores[name][auto]),
            f"{_means(scores[name][auto])[0] / _means(scores[name][1])[0] - 1:+.1%}",
        )
        for name, photos in sets.items()
    ]
    return Table(
        "Looks: mAP with one look, and with those of `--looks auto`",
        ("photos", "number", "queries", "one look", "auto", "gain"),
        rows,
        "In brackets, for queries on which nothing was chosen. The sets below the first are its "
        "photos, pasted together (benchmarks/several_things.py); a photo is right if one of its "
        "parts is. Target: +10 % with several things.",
    )


def _by_kind(scores: Scores, auto: int) -> Table:
    rows = [
        (name, *(_cell(scores[looks], kind) for kind in KINDS))
        for name, looks in (("one look", 1), ("auto", auto))
    ]
    rows.append(("target", *(f"{WANTED[kind]:.3f}" for kind in KINDS)))
    return Table(f"Looks: the {EVERYDAY}, by kind of query", ("looks", *KINDS), rows)


def _similar(photos: Sequence[Photo], seen: Mapping[int, Seen]) -> Table:
    """Rank the photos by likeness to each of them; those of its category are right."""
    shown = np.array(["".join(photo.categories) for photo in photos])
    rows = []
    for looks, one in seen.items():
        cosines, precisions = one.vectors @ one.vectors.T, []
        for at, row in enumerate(cosines):
            order = [str(near) for near in np.argsort(-row, kind="stable") if near != at]
            right = {str(near) for near in np.flatnonzero(shown == shown[at]) if near != at}
            precisions.append(average_precision(order, right))
        rows.append(("one look" if looks == 1 else "auto", f"{np.mean(precisions):.3f}"))
    return Table(f"Looks: the {OTHERS}, by likeness to one of them", ("looks", "mAP"), rows)


def _costs(seen: Mapping[str, Mapping[int, Seen]], auto: int) -> Table:
    rows = [
        (
            name,
            f"{by_looks[looks].looks:.1f}",
            *(f"{seconds * 1e3:.1f}" for seconds in by_looks[looks].seconds),
            f"{sum(by_looks[looks].seconds[1:]) / by_looks[looks].looks * 1e3:.1f}",
        )
        for name, by_looks in seen.items()
        for looks in (1, auto)
    ]
    return Table(
        "Looks: processor time a photo, ms",
        ("photos", "looks", "decoding", "cropping", "network", "a look"),
        rows,
        f"{MODEL} on the fastest engine, each step on its own; all cores together.",
    )
