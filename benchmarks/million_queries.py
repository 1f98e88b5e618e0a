"""Query one library in a process of its own, and print what that took as JSON.

`python -m benchmarks.million_queries serve URL` queries like a server. `text` only searches for
words, for a store without vectors to compare. `compare` also considers every photo.
"""

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from benchmarks.tables import percentile, seconds
from indexer.neighbours.cells import Cells
from indexer.records import Vector
from indexer.stores import open_store
from indexer.stores.sqlite.labels import scoring as label_ranking
from search.answers import Answer
from search.library import Choices, Library, open_library
from search.likeness import QueryPhoto
from search.teaching import concept
from search.teaching.space_file import SpaceKeeper

WORDS = {
    "a word of one label": ("zebra", "accordion", "lampshade", "pizza", "teapot", "hen", "sofa"),
    "a hypernym of 95 to 120 labels": ("dog", "container", "covering", "domestic dog"),
    "the one with 401 labels": ("animal",),
}
ASKED, WARM_UP = 200, 40
TAUGHT, JUDGED, FAR = 10, 10, 60
"""Words that are taught; photos judged good, and as many judged bad; the nearest photos between
them, so that the bad ones are further away."""

CANDIDATES = 20_000
"""For comparison: photos nearest to a concept, of all, that are scored with their neighbours."""

Times = dict[str, tuple[float, float]]
"""Median and 95th percentile of the seconds of each kind of query."""


def serve(url: str) -> dict[str, Any]:
    """Measure each kind of query many times."""
    with open_library(url, Choices(search_log=False)) as library:
        library.load_index()
        times = _words(library)
        times["photos like one from outside"] = _like(library, url)
        with _taught(library, url) as words:
            times["a taught word, 10 good and 10 bad"] = _in_turn(library.search, words)
        return {"times": times, "memory": _memory()}


def text(url: str) -> dict[str, Any]:
    """Measure words only."""
    with open_library(url, Choices(search_log=False)) as library:
        return {"times": _words(library)}


def compare(url: str) -> dict[str, Any]:
    """Compare the usual answers with those that consider every photo."""
    with open_library(url, Choices(search_log=False)) as library, _taught(library, url) as taught:
        hypernyms = [*WORDS["a hypernym of 95 to 120 labels"], "animal"] * 8
        usual = [_hits(library.search(word)) for word in hypernyms]
        with patch.object(label_ranking, "FEW", sys.maxsize):
            whole = [_hits(library.search(word)) for word in hypernyms]
            times = [seconds(partial(library.search, "dog")) for _ in range(20)]
        found = [_hits(library.search(word)) for word in taught]
        exact, slow = _by_scan(library, url, taught)
        shares = [len(a.keys() & b.keys()) / len(b) for a, b in zip(found, exact, strict=True)]
        return {
            "same": sum(a == b for a, b in zip(usual, whole, strict=True)),
            "of": len(usual),
            "text": _spread(times),
            "taught": slow,
            "shared": float(np.mean(shares)),
        }


def _words(library: Library) -> Times:
    return {kind: _in_turn(library.search, words) for kind, words in WORDS.items()}


def _like(library: Library, url: str) -> tuple[float, float]:
    vectors, random = open_store(url).photos.vectors(), np.random.default_rng(1)
    positions = random.integers(0, len(vectors), ASKED + WARM_UP)
    photos = [QueryPhoto("x", vector, None) for vector in vectors.take(positions)]
    return _in_turn(library.similar, photos)


def _in_turn(ask: Callable[[Any], object], questions: Sequence[Any]) -> tuple[float, float]:
    """Ask one question after the other, over and over."""
    asked = islice(cycle(questions), WARM_UP + ASKED)
    return _spread([seconds(partial(ask, one)) for one in asked][WARM_UP:])


@contextmanager
def _taught(library: Library, url: str) -> Iterator[list[str]]:
    """Teach words with similar photos and less similar ones; forget them afterwards."""
    vectors, random = open_store(url).photos.vectors(), np.random.default_rng(2)
    words = []
    for number, vector in enumerate(vectors.take(random.integers(0, len(vectors), TAUGHT))):
        photo = QueryPhoto("x", vector, None)
        near = [hit.id for hit in library.similar(photo, FAR + 2 * JUDGED)]
        words.append("zorbl" + "aeiou"[number % 5] + "xyzvw"[number // 5])
        library.teach(words[-1], near[:JUDGED], near[FAR : FAR + JUDGED])
    try:
        yield words
    finally:
        for word in words:
            library.forget(word)


@dataclass(frozen=True)
class _Scan:
    """Finds the nearest points by comparing all of them."""

    cells: Cells

    def nearest(self, point: Vector, count: int) -> NDArray[np.int64]:
        products = self.cells.points @ point
        return self.cells.items[np.argpartition(-products, count)[:count]].astype(np.int64)


def _by_scan(
    library: Library, url: str, words: Sequence[str]
) -> tuple[list[dict[str, float]], tuple[float, float]]:
    """Return the hits of taught words among all points, and the time of the usual candidates."""
    space = SpaceKeeper(open_store(url)).current()
    if isinstance(space.index, Cells):
        space = replace(space, index=_Scan(space.index))
    with patch.object(SpaceKeeper, "current", lambda self: space):
        times = [seconds(partial(library.search, word)) for word in words]
    with (
        patch.object(SpaceKeeper, "current", lambda self: space),
        patch.object(concept, "MOST_FOUND", CANDIDATES),
        patch.object(concept, "MOST_CANDIDATES", CANDIDATES),
    ):
        return [_hits(library.search(word)) for word in words], _spread(times)


def _hits(answer: Answer) -> dict[str, float]:
    return {hit.id: hit.score for hit in answer.hits}


def _spread(times: Sequence[float]) -> tuple[float, float]:
    return percentile(times, 0.5), percentile(times, 0.95)


def _memory() -> Mapping[str, int]:
    """Return bytes: the peak, and the memory held now, its own and that of files."""
    text = Path("/proc/self/status").read_text() + Path("/proc/self/smaps_rollup").read_text()
    found = dict(re.findall(r"(\w+):\s+(\d+) kB", text))
    return {name: 1024 * int(found[name]) for name in ("VmHWM", "RssAnon", "RssFile", "Pss")}


if __name__ == "__main__":
    print(json.dumps({"serve": serve, "text": text, "compare": compare}[sys.argv[1]](sys.argv[2])))
