"""What a photo costs in bytes, per file and index, and in processor time, to plan large libraries.

`python -m benchmarks sizes` runs it; docs/scale.md uses the results.
"""

import hashlib
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from benchmarks.elasticsearch import VECTOR_INDICES, new_store, server, size
from benchmarks.serving import thumbnail
from benchmarks.synthetic import Real, photos
from benchmarks.tables import Table, median, shared_photos
from indexer.neighbours import Index, open_index
from indexer.queries import Query
from indexer.records import Photo
from indexer.run.linking import link
from indexer.stores import Store
from indexer.stores.elasticsearch import indices as elasticsearch_index

LIBRARY = 20_000
"""The smallest library with cells."""

WRITTEN = 5_000
"""Photos for each kind of vector index."""

THUMBNAILS, THUMBNAIL = 200, 320
SEARCHES = 50

FILES = {
    "": "documents and vectors (`photos.db`)",
    ".vectors": "which vector is whose (`photos.db.vectors`)",
    ".labels": "labels (`photos.db.labels`)",
    ".cells": "cells (`photos.db.cells`)",
    ".lists": "neighbour lists (`photos.db.lists`)",
}


def tables() -> Iterator[Table]:
    """Measure the embedded store, then the server."""
    real = Real.read()
    with tempfile.TemporaryDirectory() as home:
        database = Path(home) / "photos.db"
        with new_store(f"sqlite:///{database}") as store:
            work = list(_fill(store, _made(real)))
            linked = [photo for _, photo in zip(range(WRITTEN), store.photos.scan(), strict=False)]
        yield _bytes(database)
        yield _work(work)
        yield _server(linked, Path(home))


def _made(real: Real) -> Iterator[Photo]:
    """Yield photos whose ids and paths compress as badly as real ones."""
    for number, photo in enumerate(photos(real, LIBRARY, real.vectors.shape[1])):
        id = hashlib.sha256(b"%d" % number).hexdigest()[:32]
        name = f"{number // 1000:02}/IMG_{number * 7919 % 99_991:05}.jpg"
        yield replace(photo, id=id, paths=(f"/home/someone/Pictures/2024/{name}",))


def _fill(store: Store, made: Iterator[Photo]) -> Iterator[tuple[str, float, int]]:
    """Do what `magpie index` does after describing; yield each step, its seconds and its photos."""
    index: Index = open_index("cells", store)
    library = list(made)
    yield "written", _processor(lambda: store.photos.put(library)), LIBRARY
    yield "vectors listed beside the store", _processor(store.photos.vectors), LIBRARY
    yield "cells built", _processor(index.prepare), LIBRARY
    yield "linked with all others", _processor(lambda: link(store, index)), LIBRARY
    queries = [photo.vector for photo in library[:: LIBRARY // SEARCHES]]
    near = [_processor(lambda q=query: index.nearest(q[None], 50)) for query in queries]  # type: ignore[misc]
    yield "the 50 nearest of one vector", median(near), 1
    weights = {label.wnid: 1.0 for label in library[0].labels[:10]}
    store.ranking.search(Query(weights=weights))  # builds the matrix of labels
    words = [
        _processor(lambda: store.ranking.search(Query(weights=weights))) for _ in range(SEARCHES)
    ]
    yield "a query with 10 labels", median(words), 1


def _processor(work: Callable[[], object]) -> float:
    """Return the seconds that some work takes, all cores together."""
    began = time.process_time()
    work()
    return time.process_time() - began


def _bytes(database: Path) -> Table:
    rows = []
    for ending, name in FILES.items():
        path = database.with_name(database.name + ending)
        files = [path] if path.is_file() else [*path.glob("*")]
        rows.append((name, sum(file.stat().st_size for file in files) / LIBRARY))
    rows += [("**total**", sum(bytes for _, bytes in rows)), (_THUMBNAIL, _thumbnails())]
    cells = [(name, f"{bytes:,.0f}") for name, bytes in rows]
    notes = f"{LIBRARY:,} photos with 1,280 dimensions, 50 labels and 50 neighbours."
    return Table("Bytes per photo, embedded", ("", "bytes"), cells, notes)


_THUMBNAIL = f"thumbnail of {THUMBNAIL} pixels, once it has been shown"


def _thumbnails() -> float:
    from PIL import Image

    files = sorted(shared_photos().rglob("*.jpg"))
    pictures = [Image.open(file).convert("RGB") for file in files[:: len(files) // THUMBNAILS]]
    return sum(len(thumbnail(one, THUMBNAIL)) for one in pictures) / len(pictures)


def _work(work: Sequence[tuple[str, float, int]]) -> Table:
    rows = [(name, f"{seconds / count * 1000:.2f}") for name, seconds, count in work]
    notes = (
        f"{LIBRARY:,} photos, all cores together; searches are medians. Describing, which costs "
        "more than all of this, is measured in the part `indexing`."
    )
    return Table("Processor time per photo or search", ("", "core-ms"), rows, notes)


def _server(linked: Sequence[Photo], home: Path) -> Table:
    rows = []
    with server(home) as url:
        for kind in VECTOR_INDICES:
            with (
                patch.object(elasticsearch_index, "vector_options", lambda _, k=kind: {"type": k}),
                new_store(f"{url}/magpie-benchmark") as store,
            ):
                assert store.photos.put(replace(photo, version=None) for photo in linked) == []
                store.refresh()
                rows.append((kind, f"{size(url) / len(linked):,.0f}"))
    notes = (
        f"{WRITTEN:,} of these photos in one shard without a replica, merged into one segment. New "
        "stores use the first kind."
    )
    return Table("Bytes per photo, Elasticsearch", ("vector index", "bytes"), rows, notes)


if __name__ == "__main__":
    for table in tables():
        print(table.markdown(), flush=True)
