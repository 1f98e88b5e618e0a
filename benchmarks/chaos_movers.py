"""Those who move whole libraries while servers die: `magpie reindex` and `magpie copy`.

Each compares what came of it, photo by photo, with what had to come of it.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.chaos_writers import DIMENSIONS, additions, clicks
from indexer.halves import rounded
from indexer.moving.copy_store import copy
from indexer.moving.reindex import Reindexing
from indexer.network.engines import Description
from indexer.photos.reading import Looks
from indexer.pipeline import Options, index
from indexer.progress import Silence
from indexer.queries import Searched
from indexer.records import StoreInfo
from indexer.stores import Store, documents, events, open_store
from indexer.stores.elasticsearch.server import connect, explained
from indexer.stores.urls import to_address

if TYPE_CHECKING:
    from PIL.Image import Image

SIDE = 8
FIRST, ADDED = 40, 2
"""Photos of the library whose networks change, and how many come with each change."""

COPIED = (30, 100, 50)
"""Tens of photos, clicks and searches of the library that is copied."""

NOW = "2024-05-01T12:00:00.000Z"
OPTIONS = Options(threads=1, thumbnails=False, one_pass=True)


class PaintedNetwork:
    """A network that needs no time: its weights are random numbers, which its name chooses.

    It stands for an `indexer.network.describer.Describer`.
    """

    batch, side = 8, SIDE

    def __init__(self, name: str) -> None:
        """Choose the weights."""
        weights = hashlib.sha256(name.encode()).hexdigest()
        self.info = StoreInfo(name, weights, DIMENSIONS)
        random = np.random.default_rng(int(weights[:8], 16))
        self._seen = random.standard_normal((SIDE * SIDE * 3, DIMENSIONS)).astype(np.float32)
        self._named = random.standard_normal((DIMENSIONS, 1000)).astype(np.float32)

    def prepare(self, image: "Image") -> Looks:
        """Return the picture in little, uint8 of shape (1, SIDE, SIDE, 3)."""
        return np.asarray(image.resize((SIDE, SIDE)))[np.newaxis]

    first_look = prepare

    def start(self) -> None:
        """Do nothing: there is nothing to load."""

    load = start

    def describe_all(self, batches: Iterable[Sequence[Looks]]) -> Iterator[Description]:
        """Describe batches of photos."""
        for batch in batches:
            pixels = np.stack(batch).reshape(len(batch), -1).astype(np.float32) - 128
            vectors = pixels @ self._seen
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
            shares = np.exp(3 * vectors @ self._named)
            yield Description(shares / shares.sum(1, keepdims=True), rounded(vectors))


NETWORKS = (PaintedNetwork("morning"), PaintedNetwork("evening"))


@dataclass
class Renewing:
    """Adds photos to a library and has it described by another network, again and again.

    Attributes:
        url: of the library.
        folder: where its photos are; they are made here.
        doing: which step it is at.
        rounds: how often it came to the end.
    """

    url: str
    folder: Path
    doing: str = ""
    rounds: int = 0

    def __post_init__(self) -> None:
        """Make the first photos."""
        self._store = open_store(self.url)
        self.folder.mkdir()
        self._paint(FIRST)

    def __call__(self, number: int) -> list[str]:
        """Go on where the last call ended, which may have died; return the ids of all photos."""
        self._paint(FIRST + ADDED * (self.rounds + 1))
        self.doing = "index"
        made = self._store.identity.info()
        now, then = NETWORKS if made in (None, NETWORKS[0].info) else NETWORKS[::-1]
        index(self._store, [self.folder], lambda: now, OPTIONS, Silence())
        self.doing = "reindex"
        Reindexing(self._store, then, OPTIONS, Silence()).run()
        self.doing = "drop old"
        self._store.renewal.drop_old()
        self.doing = "compare"
        ids = self._compared(then)
        self.doing, self.rounds = "", self.rounds + 1
        return ids

    def _paint(self, count: int) -> None:
        from PIL import Image

        for number in range(count):
            path = self.folder / f"{number:05}.png"
            if not path.exists():
                random = np.random.default_rng(number)
                Image.fromarray(random.integers(0, 256, (SIDE, SIDE, 3), np.uint8)).save(path)

    def _compared(self, network: PaintedNetwork) -> list[str]:
        """Return the ids of all photos, each of which is as the network describes its file."""
        from PIL import Image

        self._store.refresh()
        photos = list(self._store.photos.scan())
        names = sorted(path for photo in photos for path in photo.paths)
        if names != sorted(map(str, self.folder.iterdir())):
            raise AssertionError(f"{len(names)} photos of {len(list(self.folder.iterdir()))} files")
        for photo in photos:
            looks = network.prepare(Image.open(photo.paths[0]).convert("RGB"))
            (seen,) = network.describe_all([[looks]])
            if photo.model != network.info.model or not np.allclose(
                photo.vector, seen.vectors[0], atol=1e-3
            ):
                raise AssertionError(f"{photo.paths[0]} is not as {network.info.model} sees it")
        return [photo.id for photo in photos]


@dataclass
class Copying:
    """Copies a library that nobody changes into another place, compares, and removes the copy.

    Attributes:
        source, target: URLs of the library and of the copy.
        doing, rounds: as `Renewing`.
    """

    source: str
    target: str
    doing: str = ""
    rounds: int = 0
    _wanted: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make the library."""
        photos, events, searches = COPIED
        with_clicks, put = clicks(self.source, "ann"), additions(self.source)
        store = open_store(self.source)
        store.identity.create(StoreInfo("chaos", "0" * 64, DIMENSIONS))
        for number in range(photos):
            put(number)
        for number in range(events):
            with_clicks(number)
        one = Searched(NOW, "ann", "griffin", False, ("griffin",), 0, 1.5)
        store.searches.append(replace(one, query=f"griffin {n}") for n in range(searches))
        self._wanted = list(_everything(store))

    def __call__(self, number: int) -> list[str]:
        """Go on where the last call ended, which may have died."""
        source, target = open_store(self.source), open_store(self.target)
        self.doing = "copy"
        copy(source, target, Silence())
        self.doing = "compare"
        if list(_everything(target)) != self._wanted:
            raise AssertionError("the copy is not the library")
        self.doing = "remove"
        address = to_address(self.target)
        with connect(address) as client, explained(address.location):
            # All at once, so that what dies leaves all or nothing.
            client.indices.delete(index=list(client.indices.get(index=f"{address.name}*")))
        self.doing, self.rounds = "", self.rounds + 1
        source.close()
        target.close()
        return []


Mover = Renewing | Copying


def _everything(store: Store) -> Iterator[str]:
    """Yield all that a library holds, as text, so that a single bit is noticed."""
    store.refresh()
    for photo in store.photos.scan():
        yield json.dumps(documents.to_document(photo))
    for event in store.events.read():
        yield json.dumps(events.to_document(event))
    searches = (replace(one, number=0) for one in store.searches.read())
    others: list[Any] = [*store.files.read(), *searches, *store.learned.read()]
    yield from map(repr, others)
