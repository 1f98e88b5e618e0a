"""The log of events as a process knows it: read once, then what is new; replayed after an undo."""

import logging
import secrets
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from indexer.errors import BadValue, MagpieError, NotFound
from indexer.kinds import EventKind
from indexer.records import Event
from indexer.stores import EventLog, LearnedTable
from indexer.stores.events import time_text
from search.teaching.vocabulary import Vocabulary

OVERLAP = 1000
"""Events that are read again when some are missing."""

NOT_UNDONE = (EventKind.UNDO, EventKind.DESCRIBE)
"""Kinds of events that cannot be undone."""

Moment = tuple[str, str]
"""(time, id): events count in this order, in whatever order they were written."""


@dataclass(frozen=True, slots=True)
class KnownEvents:
    """What a process knows of a log, and what was learned from it.

    Attributes:
        state: of the store's log.
        events: by id, in no order.
        undone: ids that were taken back.
        newest: the last moment.
        number: the highest `Event.number`.
        vocabulary: what was learned.
    """

    state: int = 0
    events: dict[str, Event] = field(default_factory=dict)
    undone: set[str] = field(default_factory=set)
    newest: Moment = ("", "")
    number: int = 0
    vocabulary: Vocabulary = field(default_factory=Vocabulary)


class Log:
    """Reads and writes the events of one store. One object serves all threads."""

    def __init__(self, events: EventLog) -> None:
        """Read nothing yet."""
        self._events = events
        self._known = KnownEvents()
        self._lock = threading.Lock()

    def vocabulary(self) -> Vocabulary:
        """Return what was learned up to now, by whichever process."""
        return self.known().vocabulary

    def history(self) -> list[tuple[Event, bool]]:
        """Return all events, oldest first, and whether each was undone."""
        known = self.known()
        return [(event, event.id in known.undone) for event in _in_order(known.events.values())]

    def append(self, event: Event) -> Event:
        """Write an event; return it with the id and the time that it got.

        Its time is later than that of all known events, even where a clock was set back.
        """
        known = self._known if self._known.state else self.known()
        time = _later(_now(), known.newest[0])
        event = replace(event, id=secrets.token_hex(8), time=time)
        self._events.append([event])
        return event

    def add(self, events: Iterable[Event]) -> int:
        """Write events of another log; return how many were new."""
        known = self.known().events
        fresh = [event for event in _in_order(events) if event.id not in known]
        self._events.append(fresh)
        self.known()
        return len(fresh)

    def last_of(self, user: str) -> Event:
        """Return the user's last event that can be undone.

        Raises:
            NotFound: there is no such event.
        """
        for event, undone in reversed(self.history()):
            if event.user == user and event.kind not in NOT_UNDONE and not undone:
                return event
        raise NotFound(f"{user} has nothing to undo: see `magpie history`")

    def undoable(self, id: str) -> Event:
        """Return an event that can be undone.

        Raises:
            NotFound: there is no such event.
            BadValue: it was undone already, or is of a kind that cannot be undone.
        """
        known = self.known()
        if id not in known.events:
            raise NotFound(f"no event {id!r}: see `magpie history`")
        if id in known.undone:
            raise BadValue(f"event {id!r} was undone already: give the feedback again")
        if known.events[id].kind in NOT_UNDONE:
            is_undo = known.events[id].kind == EventKind.UNDO
            what = "itself an undo" if is_undo else "not something that users did"
            raise BadValue(f"event {id!r} is {what}: give the feedback again")
        return known.events[id]

    def known(self) -> KnownEvents:
        """Return all that is known up to now."""
        with self._lock:
            state = self._events.state()
            if state != self._known.state:
                fresh = self._read(self._known.number)
                if len(self._known.events) + len(fresh) < state:
                    # Of events that are written at the same time, a later one may be seen first.
                    fresh = self._read(self._known.number - OVERLAP)
                self._known = _extend(self._known, fresh, state)
            return self._known

    def _read(self, after: int) -> list[Event]:
        known = self._known.events
        return [event for event in self._events.read(max(0, after)) if event.id not in known]


def write_learned(log: Log, table: LearnedTable) -> None:
    """Write the learned words into the table that people query."""
    try:
        known = log.known()
        table.replace(known.vocabulary.describe(), known.state)
    except MagpieError as error:  # the next event writes them
        logging.getLogger(__name__).info("learned words were not written down: %s", error)


def _extend(known: KnownEvents, fresh: list[Event], state: int) -> KnownEvents:
    fresh = _in_order(fresh)
    events = known.events | {event.id: event for event in fresh}
    undos = {event.target for event in fresh if event.kind == EventKind.UNDO}
    undone = known.undone | undos
    vocabulary, waiting = known.vocabulary.copy(), fresh
    if undos or (fresh and _moment(fresh[0]) < known.newest):
        # Replayed from the start, so that nothing is left of what was undone, and the order holds.
        vocabulary, waiting = Vocabulary(), _in_order(events.values())
    for event in waiting:
        if event.id not in undone:
            vocabulary.apply(event)
    newest = max([known.newest, *map(_moment, fresh)])
    number = max([known.number, *(event.number for event in fresh)])
    return KnownEvents(state, events, undone, newest, number, vocabulary)


def _in_order(events: Iterable[Event]) -> list[Event]:
    return sorted(events, key=_moment)


def _moment(event: Event) -> Moment:
    return event.time, event.id


def _now() -> datetime:
    return datetime.now(UTC)


def _later(now: datetime, than: str) -> str:
    if than:
        now = max(now, datetime.fromisoformat(than) + timedelta(microseconds=1))
    return time_text(now)
