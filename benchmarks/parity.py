"""Whether both stores rank alike: the top 20 of every query over the same photos."""

import csv
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.tables import Table, shared_photos
from indexer.stores import Store, open_store
from search.answers import Answer
from search.library import open_library

SLACK = 1e-5


def tables() -> Iterator[Table]:
    """Index into SQLite, copy the documents to Elasticsearch, and compare all queries."""
    from benchmarks.servers import running

    with (
        tempfile.TemporaryDirectory() as home,
        running(Path(home)) as url,
        open_library(f"sqlite:///{home}/photos.db") as left,
        open_library(f"{url}/parity") as right,
    ):
        left.index([shared_photos()])
        copy(open_store(f"sqlite:///{home}/photos.db"), open_store(f"{url}/parity"))
        with (shared_photos() / "queries.csv").open() as file:
            queries = [row["query"] for row in csv.DictReader(file)]
        pairs = [(left.search(query), right.search(query)) for query in queries]
    found = [(a, b) for a, b in pairs if a.hits or b.hits]
    same = sum(agree(a, b) for a, b in found)
    rows = [(str(len(queries)), str(len(found)), str(same))]
    yield Table(
        "Parity of SQLite and Elasticsearch",
        ("queries", "with hits", "same top 20"),
        rows,
        f"Same ids in the same order, scores within {SLACK:g}. Target: all.",
    )


def copy(source: Store, target: Store) -> None:
    """Put all photos of one store into a new one."""
    from dataclasses import replace

    info = source.identity.info()
    assert info is not None
    target.identity.create(info)
    assert target.photos.put(replace(photo, version=None) for photo in source.photos.scan()) == []
    target.refresh()


def agree(left: Answer, right: Answer) -> bool:
    """Tell whether two answers have the same hits."""
    return [hit.id for hit in left.hits] == [hit.id for hit in right.hits] and all(
        abs(a.score - b.score) <= SLACK for a, b in zip(left.hits, right.hits, strict=True)
    )
