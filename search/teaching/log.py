"""The log of events as a process knows it: read once, then what is new; replayed after an undo."""

import hashlib
import logging
import secrets
import threading
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from indexer.defaults import ANONYMOUS
from indexer.errors import BadValue, MagpieError, NotFound
from indexer.events import Event, Upload
from indexer.kinds import EventKind
from indexer.stores import EventLog, LearnedTable
from indexer.stores.event_checksums import BadEvent, left_out
from indexer.stores.events import time_text
from search.teaching.vocabulary import Vocabulary

NOT_UNDONE = (EventKind.UNDO, EventKind.DESCRIBE, EventKind.ERASE)
"""Kinds of events that cannot be undone."""

NO_TIME = "1970-01-01T00:00:00.000000Z"

Moment = tuple[str, str]
"""(time, id): events count in this order, in whatever order they were written."""


@dataclass(frozen=True, slots=True)
class KnownEvents:
    """What a process knows of a log, and what was learned from it.

    Attributes:
        state: of the store's log; all events up to that number are known.
        ahead: known numbers above it.
        events: by id, in no order.
        undone: ids that were taken back.
        erased: ids that were removed for good.
        newest: the last moment.
        vocabulary: what was learned.
        bad: events that cannot be read, by number; nothing was learned from them.
    """

    state: int = 0
    events: dict[str, Event] = field(default_factory=dict)
    undone: set[str] = field(default_factory=set)
    erased: frozenset[str] = frozenset()
    newest: Moment = ("", "")
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    bad: dict[int, BadEvent] = field(default_factory=dict)
    ahead: frozenset[int] = frozenset()

    def has_all(self, state: int) -> bool:
        """Tell whether all events of a later state are known, as where this process wrote them."""
        return all(number in self.ahead for number in range(self.state + 1, state + 1))


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

    def upload(self, id: str) -> Upload | None:
        """Return an example that was not in the library, of an event that may be undone."""
        events = self.known().events.values()
        return next((one for event in events for one in event.uploads if one.id == id), None)

    def append(self, event: Event) -> Event:
        """Write an event; return it with the id and the time that it got.

        Its time is later than that of all known events, even where a clock was set back.
        """
        event = replace(event, id=secrets.token_hex(8), time=self._next_time())
        return self._written(event) or event

    def _written(self, event: Event) -> Event | None:
        """Write an event; return it, or None if the log has its id already."""
        numbers = self._events.append([event])
        if event.id not in numbers:
            return None
        if numbers[event.id]:
            event = replace(event, number=numbers[event.id])
            with self._lock:
                known = self._known
                if event.id not in known.events:  # or another thread has read it
                    self._known = _extend(known, [event], {}, known.state)
        return event

    def undo(self, event: Event, user: str) -> Event:
        """Write that a user takes an event back; return that.

        Raises:
            BadValue: somebody else did so at the same moment.
        """
        undo = _undo_of(event, user, self._next_time())
        if written := self._written(undo):
            return written
        known = self.known()
        if event.id in known.undone:
            written_at_last = known.events.get(undo.id)
            # A write is sent again where its answer was lost.
            if written_at_last and (written_at_last.time, written_at_last.user) == (
                undo.time,
                user,
            ):
                return written_at_last
            raise _undone_already(event.id)
        return self.append(undo)  # what the log has under that id cannot be read

    def _next_time(self) -> str:
        known = self._known if self._known.state else self.known()
        return _later(_now(), known.newest[0])

    def undo_all(self, ids: Iterable[str], user: str) -> int:
        """Write that a user takes several events back; return how many there were.

        Those that are not there, were undone already or cannot be undone are left out.
        """
        known, last = self.known(), ""
        undos = []
        for id in dict.fromkeys(ids):
            event = known.events.get(id)
            if event is None or id in known.undone or event.kind in NOT_UNDONE:
                continue
            last = _later(_now(), last or known.newest[0])
            undos.append(_undo_of(event, user, last))
        if undos:
            self._events.append(undos)
            self.known()
        return len(undos)

    def add(self, events: Iterable[Event]) -> list[Event]:
        """Write events of another log; return those that were new, oldest first."""
        known = self.known()
        # An old export has what was removed for good since.
        given = {one.id: _erased(one.id) if one.id in known.erased else one for one in events}
        fresh = [event for event in _in_order(given.values()) if event.id not in known.events]
        bad = self._known.bad
        self._events.append(fresh, restoring=bool(bad))
        if bad:  # what was imported may have restored them
            with self._lock:
                self._known = KnownEvents()
        self.known()
        return fresh

    def raw(self) -> list[Event]:
        """Return all events that are stored, also those that another process is erasing."""
        return _in_order(self._events.read())

    def erase(self, ids: Iterable[str], changed: Iterable[Event]) -> None:
        """Remove events for good, in memory of all processes too, and put others in their places.

        Args:
            ids: of the events; what stands in their places says nothing.
            changed: events as they are to be from now on; a process that knows them as they were
                goes on with that.
        """
        gone = tuple(ids)
        # First, so that where the rest fails it is found again, and meanwhile nobody uses it.
        self.append(Event(kind=EventKind.ERASE, user=ANONYMOUS, shown=gone))
        self._events.overwrite([*map(_erased, gone), *changed])
        with self._lock:
            self._known = KnownEvents()

    def bad(self) -> list[BadEvent]:
        """Return the events that cannot be read, in order of number."""
        return [event for _, event in sorted(self.known().bad.items())]

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
            raise _undone_already(id)
        if known.events[id].kind in NOT_UNDONE:
            is_undo = known.events[id].kind == EventKind.UNDO
            what = "itself an undo" if is_undo else "not something that users did"
            raise BadValue(f"event {id!r} is {what}: give the feedback again")
        return known.events[id]

    def known(self) -> KnownEvents:
        """Return all that is known up to now."""
        with self._lock:
            state = self._events.state()
            if state < self._known.state:  # an older copy of the store is in its place
                self._known = KnownEvents()
            if state != self._known.state:
                fresh, bad = list[Event](), dict[int, BadEvent]()
                if not self._known.has_all(state):
                    fresh, bad = self._read(self._known.state)
                _warn(bad.keys() - self._known.bad.keys(), bad)
                self._known = _extend(self._known, fresh, bad, state)
            return self._known

    def _read(self, after: int) -> tuple[list[Event], dict[int, BadEvent]]:
        known = self._known.events
        bad: list[BadEvent] = []
        read = self._events.read(after, bad.append)
        events = [event for event in read if event.id not in known]
        return events, {event.number: event for event in bad}


def write_learned(log: Log, table: LearnedTable) -> None:
    """Write the learned words into the table that people query."""
    try:
        known = log.known()
        table.replace(known.vocabulary.describe(), known.state)
    except MagpieError as error:  # the next event writes them
        logging.getLogger(__name__).info("learned words were not written down: %s", error)


def undoing_all(events: Collection[Event]) -> list[str]:
    """Return the ids whose undo takes all of some events back; none where that cannot be.

    An undo among them that is for an event of before would stay: an undo cannot be undone.
    """
    new = {event.id for event in events}
    if any(event.kind == EventKind.UNDO and event.target not in new for event in events):
        return []
    return [event.id for event in events if event.kind not in NOT_UNDONE]


def _warn(numbers: Iterable[int], bad: Mapping[int, BadEvent]) -> None:
    if numbers:
        logging.getLogger(__name__).warning(left_out(bad[number] for number in sorted(numbers)))


def _erased(id: str) -> Event:
    """What stands in the place of an event that was removed for good."""
    return Event(id=id, time=NO_TIME, kind=EventKind.ERASE, user=ANONYMOUS)


def _undo_of(event: Event, user: str, time: str) -> Event:
    """Return what takes an event back: its id says of which, so that only one can be written."""
    id = hashlib.sha256(f"undo {event.id}".encode()).hexdigest()[:16]
    return Event(id=id, time=time, kind=EventKind.UNDO, user=user, word=event.word, target=event.id)


def _undone_already(id: str) -> BadValue:
    return BadValue(f"event {id!r} was undone already: give the feedback again")


def _extend(
    known: KnownEvents, fresh: list[Event], bad: Mapping[int, BadEvent], state: int
) -> KnownEvents:
    fresh = _in_order(fresh)
    events = known.events | {event.id: event for event in fresh}
    gone = (id for one in fresh if one.kind == EventKind.ERASE for id in one.shown)
    erased = known.erased.union(gone)
    events |= {id: _erased(id) for id in erased if id in events}
    has_erased = any(one.kind == EventKind.ERASE or one.id in erased for one in fresh)
    fresh = [events[event.id] for event in fresh]
    undos = {event.target for event in fresh if event.kind == EventKind.UNDO}
    undone = known.undone | undos
    vocabulary, waiting = known.vocabulary.copy(), fresh
    if undos or has_erased or (fresh and _moment(fresh[0]) < known.newest):
        # Replayed from the start, so that nothing is left of what was undone, and the order holds.
        vocabulary, waiting = Vocabulary(), _in_order(events.values())
    for event in waiting:
        if event.id not in undone:
            vocabulary.apply(event)
    newest = max([known.newest, *map(_moment, fresh)])
    numbers = {*known.ahead, *bad, *(event.number for event in fresh)}
    ahead = frozenset(number for number in numbers if number > state)
    return KnownEvents(
        state, events, undone, erased, newest, vocabulary, {**known.bad, **bad}, ahead
    )


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
