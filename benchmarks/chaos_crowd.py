"""Everybody who uses libraries while their servers die: they click, index, reindex and copy."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.chaos_movers import NETWORKS, Copying, Mover, Renewing
from benchmarks.chaos_recount import Recount, Taught
from benchmarks.chaos_writers import DIMENSIONS, Worker, additions, clicks
from indexer.records import StoreInfo
from indexer.stores import open_store

ACTS = 10
"""What each who clicks or adds does at least between two deaths."""

MOST_PAUSE_SECONDS = 4.0
"""How long a server lives on at most then, so that deaths meet every step of the longer works."""

PAUSE_SECONDS = 0.1
PATIENCE_SECONDS = 900.0
"""On a busy machine, where a server alone may take five minutes to start."""


@dataclass
class Crowd:
    """Everybody who uses the libraries of one server.

    Attributes:
        server: its URL.
        folder: for photos.
        seed: of the pauses between deaths.
        found: what is known so far.
    """

    server: str
    folder: Path
    seed: int = 0
    found: Recount = field(default_factory=Recount)

    def __post_init__(self) -> None:
        """Make the libraries; begin nothing yet."""
        first, second = f"{self.server}/chaos", f"{self.server}/renewed"
        with closing(open_store(first)) as store:
            store.identity.create(StoreInfo("chaos", "0" * 64, DIMENSIONS))
        with closing(open_store(second)) as store:
            store.identity.create(NETWORKS[0].info)
        self.renewing = Renewing(second, self.folder / "photos")
        self.copying = Copying(f"{self.server}/kept", f"{self.server}/copied")
        self._short = [Worker(clicks(first, user)) for user in ("ann", "bob")]
        self._short += [Worker(clicks(second, "eve")), Worker(additions(first))]
        self._long = [Worker(self.renewing), Worker(self.copying)]
        ann, bob, eve, adder = self._short
        self._libraries = [Taught(first, (ann, bob), (adder,)), Taught(second, (eve,), ())]
        self._chance = random.Random(self.seed)

    @property
    def workers(self) -> list[Worker]:
        """All of them."""
        return [*self._short, *self._long]

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Let all work meanwhile."""
        threads = [threading.Thread(target=worker.go) for worker in self.workers]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            for worker in self.workers:
                worker.stop()
            for thread in threads:
                thread.join()

    def get_on(self) -> None:
        """Return when each who clicks or adds has done something, and some time passed."""
        self._wait(self._short, ACTS)
        time.sleep(self._chance.uniform(0, MOST_PAUSE_SECONDS))

    def finish(self) -> None:
        """Return when those who reindex and copy came to an end once more, too."""
        self._wait(self.workers, 1)

    def note_death(self) -> None:
        """Note what is under way, at the moment of a death."""
        movers: tuple[Mover, ...] = (self.renewing, self.copying)
        doing = Counter(mover.doing for mover in movers if mover.doing)
        self.found.under = dict(Counter(self.found.under) + doing)
        self.found.deaths += 1

    def recount(self) -> Recount:
        """Return what came of it; everybody has stopped."""
        for library in self._libraries:
            self.found.add(library)
        self.found.reindexes, self.found.copies = self.renewing.rounds, self.copying.rounds
        self.found.refused = sum(worker.refused for worker in self.workers)
        self.found.wrong += [line for worker in self.workers for line in worker.wrong]
        return self.found

    def _wait(self, workers: list[Worker], acts: int) -> None:
        until_all = [worker.acts + acts for worker in workers]
        until(
            lambda: all(w.acts >= n for w, n in zip(workers, until_all, strict=True)),
            lambda: [line for worker in workers for line in worker.wrong][-3:],
        )


def until(true: Callable[[], bool], why: Callable[[], object] = lambda: "") -> None:
    """Return once something is so.

    Raises:
        TimeoutError: it does not come about; says why.
    """
    end = time.monotonic() + PATIENCE_SECONDS
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(f"it does not go on: {why()}")
        time.sleep(PAUSE_SECONDS)
