"""The stored neighbour lists: all of 100,000 photos, and what changes with a hundred more.

`python -m benchmarks lists` runs it.
"""

import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np

from benchmarks.synthetic import Real, photos
from benchmarks.tables import Table, median, seconds
from indexer.derived.vectors import Vectors
from indexer.neighbours import STORED, Index, open_index
from indexer.neighbours.comparing.lists import Lists, exact_lists
from indexer.neighbours.comparing.scanning import cores
from indexer.records import Photo, StoreInfo
from indexer.run.linking import link
from indexer.stores import Store, open_store

LIBRARY = 100_000
MORE, TIMES = 100, 5
REPEATS = 2
SAMPLE = 500
"""Photos whose lists are compared with exact ones."""

PART = 20
"""scikit-learn answers one query in this many."""


def tables() -> Iterator[Table]:
    """Measure all lists at once, then additions to a store."""
    real = Real.read()
    dimensions = real.vectors.shape[1]
    made = photos(real, LIBRARY + TIMES * MORE, dimensions)
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/photos.db")
        store.identity.create(StoreInfo(real.model, "0" * 64, dimensions))
        assert store.photos.put(islice(made, LIBRARY)) == []
        index = open_index("cells", store)
        yield _all_lists(store.photos.vectors(), index)
        yield _additions(store, index, list(made))
        store.close()


def _all_lists(vectors: Vectors, index: Index) -> Table:
    positions = np.arange(len(vectors))
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        lists = index.lists(vectors, positions, STORED)
        times.append(time.perf_counter() - began)
    theirs = _brute_force(vectors)
    rows = [
        ("**cells**", f"{median(times):.0f} s", f"{_recall(vectors, lists):.4f}", "120 s, .99"),
        ("scikit-learn, brute force", f"{theirs:.0f} s", "1", ""),
    ]
    notes = (
        f"{STORED} neighbours each, {cores()} cores. Ours is a median of {REPEATS}, its recall on "
        f"{SAMPLE} photos. scikit-learn (NearestNeighbors, n_jobs={cores()}, euclidean, which "
        f"orders unit vectors like the cosine) answered every {PART}th query, twice; the shorter "
        f"time is multiplied. Ours takes {median(times) / theirs:.2f} of that time."
    )
    title = f"All neighbour lists of {LIBRARY:,} x {vectors.rows.shape[1]:,}"
    return Table(title, ("", "time", "recall", "target"), rows, notes)


def _brute_force(vectors: Vectors) -> float:
    from sklearn.neighbors import NearestNeighbors

    rows = vectors.take()
    theirs = NearestNeighbors(n_neighbors=STORED + 1, algorithm="brute", n_jobs=cores())
    theirs.fit(rows)
    return PART * min(seconds(lambda: theirs.kneighbors(rows[::PART])) for _ in range(2))


def _recall(vectors: Vectors, lists: Lists) -> float:
    sample = np.arange(0, len(vectors), len(vectors) // SAMPLE)
    true = exact_lists(vectors, sample, STORED).near
    pairs = zip(lists.near[sample], true, strict=True)
    return float(np.mean([np.isin(some, near).mean() for near, some in pairs]))


def _additions(store: Store, index: Index, new: Sequence[Photo]) -> Table:
    """Measure what `magpie index` does after describing: from scratch, and with few new photos."""
    whole = seconds(lambda: link(store, index))
    index.prepare()
    times, written = [], []
    for start in range(0, len(new), MORE):
        began = time.perf_counter()
        assert store.photos.put(new[start : start + MORE]) == []
        put = time.perf_counter()
        written.append(link(store, index))
        index.prepare()
        times.append((put - began, time.perf_counter() - put))
    puts, links = zip(*times, strict=True)
    total = [sum(pair) for pair in times]
    rows = [
        (f"{MORE} more photos: written", f"{median(puts):.2f} s", ""),
        (f"{MORE} more photos: linked", f"{median(links):.2f} s", ""),
        (f"{MORE} more photos: both", f"{median(total):.2f} s", "2 s"),
        ("all lists instead", f"{whole:.0f} s", ""),
    ]
    notes = (
        f"SQLite, medians of {len(times)}; about {median(written):,.0f} lists change. All lists "
        "were computed and written once."
    )
    title = f"{MORE} more photos in a library of {LIBRARY:,}"
    return Table(title, ("", "time", "target"), rows, notes)


if __name__ == "__main__":
    for table in tables():
        print(table.markdown(), flush=True)
