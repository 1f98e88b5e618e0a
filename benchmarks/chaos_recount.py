"""What libraries have after their servers died, beside what their writers were told."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field

from benchmarks.chaos_writers import WORD, Worker
from indexer.stores import open_store
from search.teaching.log import Log, write_learned
from search.teaching.votes import Tally


@dataclass(frozen=True, slots=True)
class Taught:
    """A library, and those who write to it.

    Attributes:
        url: of the library.
        clickers: they click.
        adders: they add photos.
    """

    url: str
    clickers: Sequence[Worker]
    adders: Sequence[Worker]


@dataclass(slots=True)
class Recount:
    """What libraries have, beside what their writers were told.

    Attributes:
        deaths: how often a server died, or took no writes for a while.
        events, photos: how many were acknowledged.
        reindexes, copies: how many came to their end, each of which was compared.
        under: what reindexes and copies were doing at these deaths -> how often.
        lost: ids of acknowledged ones that are gone.
        doubled: events that are there more than once.
        told: lines of the log's `verify`.
        wrong_votes: photos whose votes are not those of the events.
        refused: requests that met no server, or one that took no writes.
        wrong: other errors, a line each.
    """

    deaths: int = 0
    events: int = 0
    photos: int = 0
    reindexes: int = 0
    copies: int = 0
    under: dict[str, int] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    doubled: int = 0
    told: list[str] = field(default_factory=list)
    wrong_votes: int = 0
    refused: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def is_right(self) -> bool:
        """Whether nothing is lost, doubled or wrong."""
        return not (self.lost or self.doubled or self.told or self.wrong_votes or self.wrong)

    def add(self, library: Taught) -> None:
        """Count what a library has."""
        clicked = {id for worker in library.clickers for id in worker.done}
        photos = {id for worker in library.adders for id in worker.done}
        self.events += len(clicked)
        self.photos += len(photos)
        with closing(open_store(library.url)) as store:
            events = list(store.events.read())
            ids = {event.id for event in events}
            self.lost += [*(clicked - ids), *(photos - store.photos.existing(photos))]
            self.doubled += len(events) - len(ids)
            self.told += store.events.verify()
            log = Log(store.events)
            write_learned(log, store.learned)
            if tuple(store.learned.read()) != log.vocabulary().describe():
                self.wrong.append(f"{library.url}: the learned words are not those of the events")
            voters: dict[str, set[str]] = {}
            for event in events:
                voters.setdefault(event.good[0], set()).add(event.user)
            tallies = log.vocabulary().lessons[WORD].tallies()
            self.wrong_votes += sum(
                tallies.get(id) != Tally(len(users), 0) for id, users in voters.items()
            )
