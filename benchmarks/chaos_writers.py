"""Those who write to libraries while servers die: people who click, and a run that adds photos."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from benchmarks.synthetic import photo
from indexer.errors import StoreAway
from indexer.events import Event
from indexer.imagenet import classes
from indexer.kinds import EventKind
from indexer.records import Label
from indexer.stores import open_store
from search.teaching.log import Log, write_learned

DIMENSIONS = 16
BATCH = 10
WORD, JUDGED = "zorbla", 50
TABLE_EVERY = 5
"""Clicks for one time that the learned words, and the newest events, are written down."""

PAUSE_SECONDS = 0.5

Act = Callable[[int], Iterable[str]]
"""Does something for the nth time; gives each id once it was told that that is written."""


@dataclass
class Worker:
    """Does something until it is told to stop, whatever fails meanwhile.

    Attributes:
        act: what it does.
        done: the ids of what it was told is written.
        acts: how often it did it.
        refused: how often the server was away, or took no writes.
        wrong: what else went wrong, a line each.
    """

    act: Act
    done: list[str] = field(default_factory=list)
    acts: int = 0
    refused: int = 0
    wrong: list[str] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)

    def go(self) -> None:
        """Do it."""
        number = 0
        while not self._over.is_set():
            try:
                for id in self.act(number):
                    self.done.append(id)
                self.acts += 1
            except StoreAway:
                self.refused += 1
                time.sleep(PAUSE_SECONDS)
            except Exception as error:
                self.wrong.append(f"{type(error).__name__}: {error}")
                time.sleep(PAUSE_SECONDS)
            number += 1

    def stop(self) -> None:
        """Let it do nothing more."""
        self._over.set()


def clicks(url: str, user: str) -> Act:
    """Return what lets a user click on one photo after the other."""
    store = open_store(url)
    log = Log(store.events)

    def click(number: int) -> Iterator[str]:
        judged = (f"{number % JUDGED:032x}",)
        event = log.append(Event(kind=EventKind.CLICK, user=user, word=WORD, good=judged))
        yield event.id  # before anything else can fail: from now on it must not be lost
        if event.id not in log.known().events:
            raise AssertionError(f"{event.id} is not known at once")
        if number % TABLE_EVERY == 0:
            write_learned(log, store.learned)

    return click


def additions(url: str) -> Act:
    """Return what adds photos to a library."""
    store, random = open_store(url), np.random.default_rng(0)

    def put(number: int) -> Iterator[str]:
        rows = random.random((BATCH, DIMENSIONS), np.float32)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        labels = (Label(classes()[number % 1000], 0.5),)
        batch = [photo(BATCH * number + at, labels, row, "chaos") for at, row in enumerate(rows)]
        refused = {failure.id for failure in store.photos.put(batch) if not failure.conflict}
        yield from (one.id for one in batch if one.id not in refused)

    return put
