"""Elasticsearch: the cost and benefit of settings of the photos index, one changed at a time.

`python -m benchmarks settings` runs it, or `python -m benchmarks.settings`.
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

from elasticsearch import Elasticsearch

from benchmarks.elasticsearch import (
    LIBRARY,
    WRITTEN,
    Samples,
    new_store,
    search,
    server,
    size,
)
from benchmarks.tables import Table, percentile, seconds
from indexer import imagenet
from indexer.queries import Query
from indexer.stores import Store
from indexer.stores.elasticsearch import indices as elasticsearch_index
from indexer.stores.elasticsearch.query import ranking, request

NAME = "magpie-benchmark"
LABELS = 100
READS = 100

ROUNDS = 4
"""Settings take turns, because a server gets faster the longer it runs."""

Measured = tuple[float, int, float, float]
"""Documents per second, bytes on disk, median and 95th percentile of query seconds."""

CHANGES: Mapping[str, Mapping[str, Any]] = {
    "default": {},
    "3 shards": {"number_of_shards": 3},
    "refresh every second": {"refresh_interval": "1s"},
    "no refresh while indexing": {"refresh_interval": "-1"},
    "codec best_compression": {"codec": "best_compression"},
}


def tables() -> Iterator[Table]:
    """Measure settings of the index, then ways to read a hit."""
    samples = Samples.make()
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as url:
        measured: dict[str, list[Measured]] = {name: [] for name in CHANGES}
        for _ in range(ROUNDS):
            for name, change in CHANGES.items():
                measured[name].append(_measure(samples, url, change))
        rows = [(name, *_cells(rounds[1:])) for name, rounds in measured.items()]
        columns = ("setting", "documents/s", "MB", f"query with {LABELS} labels, median", "p95")
        notes = (
            f"{WRITTEN:,} documents as in the part above, one writer, one node; size after "
            f"merging into one segment. The best of {ROUNDS - 1} rounds, after a warm-up round."
        )
        yield Table("Settings of the index", columns, rows, notes)
        yield _reading(samples, url)


def _cells(rounds: Sequence[Measured]) -> tuple[str, ...]:
    rates, sizes, middles, slow = zip(*rounds, strict=True)
    times = (f"{min(times) * 1000:.1f} ms" for times in (middles, slow))
    return f"{max(rates):.0f}", f"{min(sizes) / 1e6:.0f}", *times


def _measure(samples: Samples, url: str, change: Mapping[str, Any]) -> Measured:
    photos = list(samples.photos(0, WRITTEN))
    settings = {**elasticsearch_index.SETTINGS, **change}
    with (
        patch.object(elasticsearch_index, "SETTINGS", settings),
        new_store(f"{url}/{NAME}") as store,
    ):

        def write() -> None:
            assert store.photos.put(photos) == []
            store.refresh()

        rate = WRITTEN / seconds(write)
        times = search(store, LABELS)
        return rate, size(url), percentile(times, 0.5), percentile(times, 0.95)


def _reading(samples: Samples, url: str) -> Table:
    with new_store(f"{url}/{NAME}") as store, Elasticsearch(url) as client:
        assert store.photos.put(samples.photos(0, WRITTEN)) == []
        store.refresh()
        rows = list(_ways(store, client))
    notes = f"{WRITTEN:,} of the {LIBRARY:,} photos; 20 hits of a query with 10 labels."
    return Table("Reading 20 hits", ("what is read", "median", "p95"), rows, notes)


def _ways(store: Store, client: Elasticsearch) -> Iterator[tuple[str, str, str]]:
    weights = dict.fromkeys(imagenet.classes()[:10], 1.0)
    body = request(ranking(Query(weights=weights)), 20, 0)
    whole = {name: part for name, part in body.items() if name not in ("fields", "docvalue_fields")}
    ways = {
        "columns, no source: what Magpie does": body,
        "source without vector and neighbours": {
            **whole,
            "_source": {"excludes": ["vector", "neighbours"]},
        },
        "whole source": {**whole, "_source": True},
    }
    for name, way in ways.items():
        times = [
            seconds(lambda way=way: client.search(index=NAME, body=way))  # type: ignore[misc]
            for _ in range(3 * READS)
        ][-READS:]
        middle, slow = (f"{percentile(times, share) * 1000:.1f} ms" for share in (0.5, 0.95))
        yield name, middle, slow


if __name__ == "__main__":
    for table in tables():
        print(table.markdown(), flush=True)
