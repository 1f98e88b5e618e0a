"""Whatever people do to their disks, after each run the library tells the truth.

MAGPIE_DISKS=2000 plays that many sequences on SQLite instead of the usual number.
"""

import os
import random
from collections.abc import Iterator, Mapping
from contextlib import closing, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from deaths import Dead, dying
from PIL import Image
from played_disks import ENDING, Disks, contents

from indexer.errors import NotFound
from indexer.events import Event
from indexer.kinds import EventKind
from indexer.network.engines import Description
from indexer.pipeline import Options, index
from indexer.progress import Silence
from indexer.records import StoreInfo
from indexer.run.losses import GONE_SHARE, HANDFUL
from indexer.stores import Store, open_store
from indexer.stores.sqlite.store import SqliteStore
from indexer.verifying import gone_files, verify

SEQUENCES = int(os.environ.get("MAGPIE_DISKS", "50"))
STEPS = 5
"""Runs of a sequence, with up to four changes before each."""

WRITES = ("photos.put", "files.put", "photos.delete", "files.delete")

Places = Mapping[str, tuple[str, ...]]
"""Paths by photo id."""


class Watching:
    """A network that takes no time and counts what it sees."""

    info = StoreInfo("watching", "ab" * 32, 8)
    batch, side = 8, 8

    def __init__(self) -> None:
        self.seen = 0

    @staticmethod
    def prepare(image: Image.Image) -> Any:
        return np.asarray(image.convert("RGB").resize((8, 8)))

    first_look = prepare

    def start(self) -> None:
        """Nothing is to be loaded."""

    def describe_all(self, batches: Any) -> Iterator[Description]:
        for batch in batches:
            self.seen += len(batch)
            chance = np.random.default_rng(sum(int(photo.sum()) for photo in batch))
            vectors = chance.standard_normal((len(batch), 8)).astype(np.float32)
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
            yield Description(chance.random((len(batch), 1000), np.float32) / 1000, vectors)


@dataclass
class Play:
    """A library of the pictures on some disks.

    Attributes:
        disks: what people use.
        store: of the library.
        voted: id -> content of photos that somebody judged.
        network: describes them.
    """

    disks: Disks
    store: Store
    voted: dict[str, bytes] = field(default_factory=dict)
    network: Watching = field(default_factory=Watching)

    def play(self) -> None:
        disks, chance = self.disks, self.disks.chance
        self.run_and_check(disks.roots, prune=False)
        for _ in range(STEPS):
            for _ in range(chance.randrange(5)):
                disks.change()
            self.vote()
            a, b = disks.roots
            roots = chance.choice([[a, b], [b, a], [a], [b], [*disks.left, b], disks.left or [a]])
            if chance.random() < 0.2:
                self.run_and_die(roots)
            else:
                self.run_and_check(roots, prune=chance.random() < 0.15)
        self.let_all_return()

    def vote(self) -> None:
        """Judge a photo that lies somewhere."""
        truth = contents(self.disks.roots)
        photo = self.disks.chance.choice(sorted(truth.keys() & self.photos().keys()) or [""])
        if photo and photo not in self.voted:
            self.voted[photo] = Path(min(truth[photo])).read_bytes()
            about = {"time": "2024-05-01T12:00:00.000000Z", "kind": EventKind.CLICK, "user": "ann"}
            self.store.events.append([Event(id=photo, word="cat", good=(photo,), **about)])

    def photos(self) -> Places:
        if self.store.identity.info() is None:
            return {}
        self.store.refresh()
        return dict(self.store.photos.paths())

    def run(self, roots: list[Path], prune: bool) -> None:
        options = Options(threads=1, prune=prune, neighbours="exact")
        with suppress(NotFound):  # all of them are gone
            index(self.store, roots, lambda: self.network, options, Silence())

    def run_and_die(self, roots: list[Path]) -> None:
        writes_left = self.disks.chance.randrange(8)
        self.disks.log.append(f"run {[root.name for root in roots]} died at write {writes_left}")
        with suppress(Dead), dying(self.store, writes_left, WRITES):
            self.run(roots, prune=False)

    def run_and_check(self, roots: list[Path], prune: bool) -> None:
        self.disks.log.append(f"run {[root.name for root in roots]} prune={prune}")
        before, held, self.network.seen = self.photos(), self.held(), 0
        self.run(roots, prune)
        after, truth = self.photos(), contents(roots)
        meant = [root for root in roots if prune or root.exists()]
        assert truth.keys() <= after.keys(), "a photo is missing"
        assert [after[photo] for photo in truth if is_dead(after[photo][0])] == []
        for paths in after.values():  # a photo that lies somewhere lost nothing
            dead = [path for path in paths if is_dead(path)]
            here = any(count((path,), root) for path in dead for root in meant)
            assert not here or dead == list(paths), "a dead place of a living photo"
        assert self.network.seen == len(truth.keys() - before.keys()), "described twice"
        if not prune:
            self.check_kept(roots, held, after)

    def held(self) -> Places:
        """Return photos with the paths that still hold them, as far as runs saw."""
        photos = self.photos()
        records = {file.path: file.photo for file in self.store.files.read()} if photos else {}
        places = {
            photo: tuple(path for path in own if records.get(path, photo) == photo)
            for photo, own in photos.items()
        }
        return {photo: own for photo, own in places.items() if own}

    def check_kept(self, roots: list[Path], before: Places, after: Places) -> None:
        """Check that folders that look as if their disk was away lost no photo."""
        there = contents(self.disks.roots).keys()
        gone = {id: own for id, own in before.items() if id not in there and all(map(is_dead, own))}
        for folder in folders_of(gone, roots):
            lost = {id: number for id, own in gone.items() if (number := count(own, folder))}
            many = sum(lost.values())
            everything = sum(count(own, folder) for own in before.values())
            if many > GONE_SHARE * everything and (folder in roots or many > HANDFUL):
                assert lost.keys() <= after.keys(), f"lost with the disk of {folder}"

    def let_all_return(self) -> None:
        """What was away or deleted is back, and counts again as it did."""
        disks = self.disks
        disks.remount()
        for photo, content in self.voted.items():
            (disks.roots[0] / f"back {photo}{ENDING}").write_bytes(content)
        self.run_and_check([*disks.roots, *disks.left], prune=True)
        assert [line for line in verify(self.store) if "neighbours" not in line] == []
        assert gone_files(self.store) == {}
        photos, truth = self.photos(), contents(disks.roots)
        assert photos.keys() == truth.keys()
        for photo, paths in photos.items():
            # Through links, a file may be found at another path than by the walk of this test.
            assert set(map(os.path.realpath, truth[photo])) == set(map(os.path.realpath, paths))
        judged = {photo for event in self.store.events.read() for photo in event.good}
        assert judged == self.voted.keys() and judged <= photos.keys()


def is_dead(path: str) -> bool:
    return not Path(path).exists()


def is_below(path: str, folder: Path) -> bool:
    return path.startswith(f"{folder}/")


def count(paths: tuple[str, ...], folder: Path) -> int:
    return sum(is_below(path, folder) for path in paths)


def folders_of(places: Places, roots: list[Path]) -> set[Path]:
    """The folders of a run, and those below them in which the library knows photos."""
    paths = [Path(path) for own in places.values() for path in own]
    inner = {folder for path in paths for folder in path.parents}
    return {*roots, *(one for one in inner if any(is_below(str(one), root) for root in roots))}


def play(seed: int, home: Path, url: str) -> None:
    with closing(open_store(url)) as store:
        disks = Disks(home, random.Random(seed))
        try:
            Play(disks, store).play()
        except Exception as error:
            error.add_note("\n".join([f"sequence {seed}:", *disks.log]))
            raise


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Leave out what is not about places: neighbours, derived files, and waiting for the disk."""
    monkeypatch.setattr("indexer.pipeline.link", lambda *given: 0)
    monkeypatch.setattr("indexer.pipeline.published", lambda _, progress: nullcontext(progress))
    monkeypatch.setattr(SqliteStore, "refresh", lambda store: None)
    monkeypatch.setattr(os, "fsync", lambda file: None)


@pytest.mark.slow
@pytest.mark.timeout(0)
def test_whatever_people_do_the_library_tells_the_truth(tmp_path):
    for seed in range(SEQUENCES):
        play(seed, tmp_path / str(seed), f"sqlite:///{tmp_path}/{seed}.db")


@pytest.mark.parametrize("seed", range(1000, 1003))
def test_in_elasticsearch_too(tmp_path, elasticsearch_store_url, seed):
    play(seed, tmp_path / "disks", elasticsearch_store_url)
