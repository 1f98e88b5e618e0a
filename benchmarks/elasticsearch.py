"""Elasticsearch: how fast documents are written, what its kNN finds, and how fast words answer.

`python -m benchmarks elasticsearch` runs it, or `python -m benchmarks.elasticsearch`. ES_URL names
a server; otherwise one is started from Maven artifacts.
"""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
from elasticsearch import Elasticsearch

from benchmarks.synthetic import photo, photo_id
from benchmarks.tables import Table, percentile, seconds
from indexer import imagenet
from indexer.queries import Query
from indexer.records import Label, Matrix, Neighbour, Photo, StoreInfo
from indexer.stores import Store, open_store
from indexer.stores.elasticsearch import indices as elasticsearch_index
from search.levels import level

DIMENSIONS = 1280
INFO = StoreInfo("efficientnet_lite0", "0" * 64, DIMENSIONS)
VECTOR_INDICES = ("bbq_flat", "int8_flat", "bbq_hnsw", "int8_hnsw")
WRITTEN = 4_000
"""Documents for each kind of vector index."""

LIBRARY = 20_000
NEIGHBOURS = 50
KNN_QUERIES = 40
TEXT_QUERIES = 200
WARM_UP = 300
"""Queries before the measured ones: Java compiles what runs often."""

ASKED = {
    "1 label": (1, 0),
    "10 labels": (10, 0),
    "100 labels": (100, 0),
    "100 labels and 500 boosts": (100, 500),
}
"""Numbers of labels and of boosted photos in a query; the last is what a taught word needs."""

WANTED_MS = {"Elasticsearch": 30, "SQLite": 10}
WANTED_RECALL, WANTED_KNN_MS = 0.98, 40


@dataclass(frozen=True, slots=True)
class Samples:
    """Random photos with vectors distributed like those of networks.

    Attributes:
        vectors: float32, shape (LIBRARY, DIMENSIONS): 400 clusters in 48 dimensions, seen through
            a random layer with noise and ReLU, so that a few hundred numbers of each are positive.
    """

    vectors: Matrix

    @classmethod
    def make(cls) -> "Samples":
        """Generate all vectors; the same in each run."""
        random = np.random.default_rng(0)
        centres = random.normal(size=(400, 48))
        points = centres[random.integers(0, 400, LIBRARY)]
        points += 0.5 * random.normal(size=points.shape)
        rows = points @ random.normal(size=(48, DIMENSIONS)) - 3
        rows += 2 * random.standard_normal(rows.shape, np.float32)
        rows = np.maximum(rows, 0).astype(np.float32)
        return cls(rows / np.linalg.norm(rows, axis=1, keepdims=True))

    def photos(self, start: int, end: int) -> Iterator[Photo]:
        """Yield photos `start` to `end`, with 50 labels and 50 neighbours each."""
        for number in range(start, end):
            random = np.random.default_rng(number)
            near = random.integers(0, LIBRARY, NEIGHBOURS)
            made = photo(number, _labels(random), self.vectors[number], INFO.model)
            yield replace(made, neighbours=tuple(Neighbour(photo_id(it), 0.5) for it in near))


def tables() -> Iterator[Table]:
    """Measure writing by kind of vector index, then queries: of words on both stores, and kNN."""
    samples = Samples.make()
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as url:
        yield _writing(samples, url)
        yield from _asking(samples, url, f"sqlite:///{folder}/photos.db")


def _writing(samples: Samples, url: str) -> Table:
    _write(samples, url, "bbq_flat")  # warms the server up
    rows = [_write(samples, url, kind) for kind in VECTOR_INDICES]
    notes = (
        f"{WRITTEN:,} documents with {DIMENSIONS:,} dimensions, 50 labels and 50 neighbours, from "
        "one writer; MB after merging. Target: three times the rate of describing. kNN by the "
        f"server itself, {NEIGHBOURS} of 100 candidates. New stores use the first kind."
    )
    columns = ("vector index", "documents/s", f"recall@{NEIGHBOURS}", "kNN p95", "MB")
    return Table("Writing to Elasticsearch", columns, rows, notes)


def _write(samples: Samples, url: str, kind: str) -> tuple[str, ...]:
    photos = list(samples.photos(0, WRITTEN))
    with (
        patch.object(elasticsearch_index, "vector_options", lambda _: {"type": kind}),
        new_store(f"{url}/magpie-benchmark") as store,
    ):

        def write() -> None:
            assert store.photos.put(photos) == []
            store.refresh()

        rate = WRITTEN / seconds(write)
        recall, p95 = _knn(samples.vectors[:WRITTEN], url)
        bytes = size(url)
    return kind, f"{rate:.0f}", f"{recall:.3f}", f"{p95 * 1000:.0f} ms", f"{bytes / 1e6:.0f}"


def size(url: str) -> int:
    """Return the bytes on disk of the benchmark's photos, merged into one segment."""
    with Elasticsearch(url, request_timeout=300) as client:
        client.indices.forcemerge(index="magpie-benchmark", max_num_segments=1, flush=True)
        statistics = client.indices.stats(index="magpie-benchmark", metric="store")
        return int(statistics["_all"]["primaries"]["store"]["size_in_bytes"])


def _knn(vectors: Matrix, url: str) -> tuple[float, float]:
    """Return the share of true neighbours found, and the 95th percentile of seconds."""
    found, times = 0, []
    with Elasticsearch(url) as client:
        for number in range(0, len(vectors), len(vectors) // KNN_QUERIES):
            likeness = vectors @ vectors[number]
            nearest = {photo_id(number) for number in np.argsort(-likeness)[:NEIGHBOURS].tolist()}
            near = {"field": "vector", "k": NEIGHBOURS, "num_candidates": 100}
            near["query_vector"] = vectors[number].tolist()
            began = time.perf_counter()
            answer = client.search(
                index="magpie-benchmark", knn=near, size=NEIGHBOURS, source=False
            )
            times.append(time.perf_counter() - began)
            found += len(nearest & {hit["_id"] for hit in answer["hits"]["hits"]})
    return found / (len(times) * NEIGHBOURS), percentile(times, 0.95)


def _asking(samples: Samples, url: str, sqlite_url: str) -> Iterator[Table]:
    rows = []
    with _filled(f"{url}/magpie-benchmark", samples) as store:
        rows += _text("Elasticsearch", store)
        recall, p95 = _knn(samples.vectors, url)
    with _filled(sqlite_url, samples) as store:
        rows += _text("SQLite", store)
    notes = f"{LIBRARY:,} photos, the first 20 hits; boosts rounded to levels, as they are sent."
    columns = ("store", "query", "median", "p95", "p95 target")
    yield Table("Word queries", columns, rows, notes)
    measured = (f"{recall:.3f}", f"{p95 * 1000:.1f} ms")
    wanted = (f"{WANTED_RECALL:.2f}", f"{WANTED_KNN_MS} ms")
    notes = f"{LIBRARY:,} photos, {NEIGHBOURS} of 100 candidates, by the server itself."
    columns = ("", f"recall@{NEIGHBOURS}", "p95")
    yield Table("kNN in a library", columns, [("measured", *measured), ("target", *wanted)], notes)


@contextmanager
def _filled(url: str, samples: Samples) -> Iterator[Store]:
    with new_store(url) as store:
        assert store.photos.put(samples.photos(0, LIBRARY)) == []
        store.refresh()
        yield store


def _text(name: str, store: Store) -> Iterator[tuple[str, ...]]:
    for query, (labels, boosts) in ASKED.items():
        times = search(store, labels, boosts)
        middle, slow = (f"{percentile(times, share) * 1000:.1f} ms" for share in (0.5, 0.95))
        yield name, query, middle, slow, f"{WANTED_MS[name]} ms"


def search(store: Store, labels: int, boosts: int = 0) -> list[float]:
    """Return the seconds of many queries with so many labels and boosts, after a warm-up."""
    random = np.random.default_rng(1)
    times = []
    for _ in range(WARM_UP + TEXT_QUERIES):
        wnids = random.choice(imagenet.classes(), labels, replace=False).tolist()
        weights = {wnid: float(random.uniform(0.1, 1)) for wnid in wnids}
        chosen = random.choice(LIBRARY, boosts, replace=False).tolist()
        boosted = level({photo_id(number): float(random.uniform(0, 3)) for number in chosen})
        query = Query(weights, boosted)
        times.append(seconds(lambda query=query: store.ranking.search(query)))  # type: ignore[misc]
    return times[WARM_UP:]


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Yield the URL of a server: that of ES_URL, or one that runs in `folder` meanwhile."""
    from benchmarks.servers import running

    if given := os.environ.get("ES_URL"):
        yield given.rstrip("/")
    else:
        with running(folder) as url:
            yield url


@contextmanager
def new_store(url: str) -> Iterator[Store]:
    """Yield an empty store, which is removed afterwards if it is on a server."""
    with no_store(url) as store:
        store.identity.create(INFO)
        yield store


@contextmanager
def no_store(url: str) -> Iterator[Store]:
    """Yield a store that does not exist yet; afterwards it is removed as by `new_store`."""
    store = open_store(url)
    try:
        yield store
    finally:
        store.close()
        host, _, name = url.rpartition("/")
        if host.startswith("http"):
            with Elasticsearch(host) as client:
                for index in client.indices.get(index=f"{name}*"):
                    client.indices.delete(index=index)


def _labels(random: np.random.Generator) -> tuple[Label, ...]:
    shares = np.sort(random.dirichlet(np.full(50, 0.1)))[::-1].astype(np.float32)
    probabilities = imagenet.quantise(np.maximum(shares, 1e-9)).tolist()
    wnids = random.choice(imagenet.classes(), 50, replace=False).tolist()
    return tuple(Label(*pair) for pair in zip(wnids, probabilities, strict=True))


if __name__ == "__main__":
    for table in tables():
        print(table.markdown(), flush=True)
