"""The page in Chromium: first paint, size of its JavaScript, frames while 2,000 results scroll by.

`python -m benchmarks page` runs it; it needs npm and chromium. Vectors and labels are random,
thumbnails are real.
"""

import itertools
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.serving import photos as real_photos
from benchmarks.serving import server
from benchmarks.synthetic import photo, photo_id
from benchmarks.tables import Table, median
from indexer.network.describer import open_describer
from indexer.network.options import NetworkOptions
from indexer.photos.thumbnails import Size, to_jpeg
from indexer.records import Label, Photo
from indexer.stores import open_store
from indexer.stores.thumbnails import thumbnail_file

ROOT = Path(__file__).parents[1]
DOG = "n02099601"  # golden retriever
PHOTOS = 2_100


def tables() -> Iterator[Table]:
    """Measure loads with an empty cache, then one long scroll."""
    subprocess.run([sys.executable, ROOT / "scripts" / "page.py", "--install"], check=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        _make_library(home)
        with server(home) as url:
            done = subprocess.run(
                ["node", "tests/measure.mjs", url],
                cwd=ROOT / "web",
                stdout=subprocess.PIPE,
                check=True,
            )
    measured = json.loads(done.stdout)
    yield _table(measured["loads"], measured["scroll"])


def _table(loads: Sequence[dict[str, float]], scroll: dict[str, float]) -> Table:
    gaps = scroll["gaps"]
    rows = [
        ("first paint", f"{median(load['firstPaint'] for load in loads):.0f} ms", ""),
        (
            "first photo of the results on screen",
            f"{median(load['firstPhoto'] for load in loads):.0f} ms",
            "1,000 ms",
        ),
        ("largest paint", f"{median(load['largestPaint'] for load in loads):.0f} ms", ""),
        ("JavaScript, gzip", f"{loads[0]['scriptBytes'] / 1000:.1f} kB", "130 kB"),
        (
            "frames per second while scrolling",
            f"{scroll['presented'] / scroll['seconds']:.1f}",
            "60",
        ),
        (
            "between two frames, median / p95 / longest",
            f"{gaps['median']:.1f} / {gaps['p95']:.1f} / {gaps['longest']:.0f} ms",
            "16.7 ms",
        ),
    ]
    notes = (
        f"Medians of {len(loads)} loads of a search with an empty cache; then Chromium itself "
        f"scrolled through {scroll['results']:,} results in {scroll['seconds']:.0f} s, with "
        "frames counted by the DevTools protocol. Chromium renders without a GPU and shares the "
        "machine with the server."
    )
    return Table("Page", ("", "measured", "target"), rows, notes)


def _make_library(home: Path) -> None:
    """Write a store in which all photos show dogs, some more clearly than others."""
    info = open_describer(NetworkOptions(model="efficientnet_lite0"), None).info
    store = open_store(f"sqlite:///{home}/photos.db")
    store.identity.create(info)
    pictures = list(itertools.islice(itertools.cycle(_pictures()), PHOTOS))
    random.Random(0).shuffle(pictures)
    vectors = np.random.default_rng(0).random((PHOTOS, info.dimensions), np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    photos, jpegs = [], {}
    for number, (shape, jpeg) in enumerate(pictures):
        photos.append(_photo(number, shape, info.model, vectors[number]))
        jpegs[photo_id(number)] = jpeg
    assert store.photos.put(photos) == []
    thumbnail_file(store).put(Size.GRID, jpegs)
    store.close()


def _photo(number: int, shape: tuple[int, int], model: str, vector: np.ndarray) -> Photo:
    label = Label(DOG, 0.1 + 0.8 * (1 - number / PHOTOS))
    colour = f"#{random.Random(number).randrange(0x1000000):06x}"
    made = photo(number, (label,), vector, model)
    return replace(made, width=shape[0], height=shape[1], colour=colour)


def _pictures() -> list[tuple[tuple[int, int], bytes]]:
    """Return the shape of each real photo, and its thumbnail."""
    from PIL import Image

    made = []
    for path in real_photos():
        original = Image.open(path).convert("RGB")
        shape = (4000, round(4000 * original.height / original.width))
        made.append((shape, to_jpeg(original, Size.GRID)))
    return made
