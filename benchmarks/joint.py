"""Networks that read words: how long a text takes, a search by it, and indexing.

The network has the size of ViT-B-32 and seeded random weights (see `vit`). A text search is
measured on the library of `libraries` with texts that lie near some of its photos, as if their
vectors were known; the time that a new text takes comes before it.
"""

import os
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle, islice
from types import SimpleNamespace
from typing import Any

import numpy as np

from benchmarks.indexing import compare
from benchmarks.libraries import Library
from benchmarks.million_queries import WORDS
from benchmarks.synthetic import FOLDER
from benchmarks.tables import Table, median, percentile, seconds, shared_photos
from benchmarks.vit import write_network
from indexer.network import models
from indexer.network.joint.network import JointNetwork
from indexer.photos.finding import Found, find
from indexer.records import Vector
from search.library import Choices, open_library
from search.looking import REACH, Looking

NETWORK = FOLDER / "benchmarks" / "vit-b-32"
PHOTOS = 100_000
TEXTS, SEARCHES, INDEXED = 60, 100, 400
SHORT = "a dog of kind {} in the snow"
LONG = "two people of kind {} who sit on a bench by the sea and look at a boat far out"


def tables() -> Iterator[Table]:
    """Measure texts, searches and indexing, each in one run."""
    network = models.load(str(write_network(NETWORK)))
    assert isinstance(network, JointNetwork)
    yield _texts(network)
    yield _searches()
    files = [entry for entry in find([shared_photos()]) if isinstance(entry, Found)]
    yield compare(str(NETWORK), None, files[:INDEXED], least=None)


def _texts(network: JointNetwork) -> Table:
    tower = network.texts
    for text in (SHORT, LONG):
        tower.vector(text)
    kinds = {
        "a new text of 8 words": [SHORT.format(number) for number in range(TEXTS)],
        "a new text of 20 words": [LONG.format(number) for number in range(TEXTS)],
        "one that was asked for before": [SHORT.format(number) for number in range(TEXTS)],
    }
    rows = []
    for kind, texts in kinds.items():
        began = time.process_time()
        times = [seconds(partial(tower.vector, text)) * 1000 for text in texts]
        spent = (time.process_time() - began) / TEXTS * 1000
        rows.append(
            (kind, f"{median(times):.2f}", f"{percentile(times, 0.95):.2f}", f"{spent:.2f}")
        )
    notes = (
        f"{TEXTS} texts of each kind, one after the other, by the text tower of a ViT-B-32 with "
        f"random weights in float32 (target: 30 ms). {_load()}"
    )
    return Table("The vector of a text", ("", "ms", "p95", "core-ms"), rows, notes)


class NearPhotos:
    """Reads texts as vectors near photos of a library, at cosines of about .7."""

    def __init__(self, vectors: Any) -> None:
        self._vectors = vectors
        self._random = np.random.default_rng(5)

    def vector(self, text: str, language: str = "") -> Vector:
        place = np.array([self._random.integers(len(self._vectors))])
        near = self._vectors.take(place)[0].astype(np.float32)
        apart = self._random.standard_normal(len(near), np.float32)
        row: Vector = near + apart / np.linalg.norm(apart)
        return row / np.float32(np.linalg.norm(row))


def _searches() -> Table:
    url = Library.open(PHOTOS).build().url
    words = list(islice(cycle(word for kind in WORDS.values() for word in kind), SEARCHES))
    with open_library(url, Choices(search_log=False)) as library:
        library.load_index()
        index, store = library._neighbours, library._store
        reader = NearPhotos(store.photos.vectors())
        looking = Looking(store, index, lambda: SimpleNamespace(texts=reader))  # type: ignore[return-value,arg-type]
        looking.look("dog")
        labels = _each(library.search, words)
        nearest = _each(lambda _: index.nearest(reader.vector("")[None], REACH), words)
        library.__dict__ |= {"_looking": looking, "_label_networks": frozenset()}
        both = _each(library.search, words)
    parts = median(labels) + median(nearest)
    rows = [
        (kind, f"{median(times):.1f}", f"{percentile(times, 0.95):.1f}")
        for kind, times in (
            ("labels alone", labels),
            (f"the {REACH} photos nearest to a vector", nearest),
            ("labels and the text", both),
        )
    ]
    notes = (
        f"Milliseconds of {SEARCHES} searches among {PHOTOS:,} photos, for the words of the part "
        f"`million`. A search by labels and text takes **{median(both) / parts:.2f}** of what "
        f"its two parts take (target: 1.5). {_load()}"
    )
    return Table("Searches by text", ("", "ms", "p95"), rows, notes)


def _each(work: Callable[[Any], object], given: list[str]) -> list[float]:
    for one in given[:10]:
        work(one)
    return [seconds(partial(work, one)) * 1000 for one in given]


def _load() -> str:
    """Say how busy the machine was: times are not comparable otherwise."""
    return f"Load of the machine, of {os.cpu_count()} cores: {os.getloadavg()[0]:.1f}."


if __name__ == "__main__":
    for table in tables():
        print(table.markdown())
