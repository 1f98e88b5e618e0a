"""The parts of a store that keep what people did: taught, searched for, and what was learned."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from indexer.events import Event, Learned
from indexer.queries import Searched, Wanted
from indexer.stores.event_checksums import Skipped, ignore


class EventLog(Protocol):
    """All that users taught; append-only: no event is ever changed or removed."""

    def append(self, events: Iterable[Event], restoring: bool = False) -> Mapping[str, int]:
        """Write events, durable and readable by all processes afterwards.

        An event whose id is already in the log is ignored, so that writing again does no harm; if
        the one in the log cannot be read any more, it is restored where the store can do that.

        Args:
            restoring: whether to look for the places of events that the log lost, which takes
                longer; without, they are written at its end.

        Returns:
            the ids of the events that the log had not: of calls that write the same id at the same
            moment, exactly one returns it. With each its number, where that saves its writer from
            reading it again; 0 where events are read for nothing.

        Raises:
            BadValue: an event has a value that would do harm; then nothing was written.
            NotFound: there is no store.
            StoreAway: nothing was written to SQLite; in Elasticsearch some events may have been.
        """

    def read(self, after: int = 0, skipped: Skipped = ignore) -> Iterator[Event]:
        """Yield the events of a higher `Event.number` than `after`, in order of number.

        Others may come again before them: callers tell events by their ids.

        Args:
            after: a number that was read before.
            skipped: is told of each event that cannot be read, or is not what was written.
        """

    def overwrite(self, events: Iterable[Event]) -> None:
        """Put events in the places of those with their ids, in the log and in its copies.

        The log stays one that `verify` finds whole. What was there before is nowhere to be read
        any more after `Store.scrub`. An id that the log does not have is ignored.
        """

    def verify(self) -> Iterator[str]:
        """Yield a line for each event that is bad, missing or out of place."""

    def state(self) -> int:
        """Return the number up to which no event is missing; 0 where there is none. Cheap.

        It grows with every event, but may jump, as where an event was refused. Those of a higher
        number are just being written, and may be read already.
        """

    def count(self) -> int:
        """Return the number of events, those that cannot be read included."""


class SearchLog(Protocol):
    """What was searched for; nothing of it changes a ranking."""

    def append(self, searches: Iterable[Searched]) -> None:
        """Write searches.

        One that has a number, as it comes from another log, is ignored where that number is
        already in the log, so that writing again does no harm.

        Raises:
            NotFound: there is no store.
            StoreAway: nothing was written to SQLite; in Elasticsearch some searches may have been.
        """

    def read(self) -> Iterator[Searched]:
        """Yield all searches in order of number, in memory that does not grow with the log."""

    def remove(self, numbers: Iterable[int]) -> None:
        """Remove searches by their numbers, as `read` gives them."""

    def count(self) -> int:
        """Return the number of searches in the log."""

    def wanted(self, limit: int) -> list[Wanted]:
        """Return the unfamiliar words that were asked for most often, ties by word."""


class LearnedTable(Protocol):
    """The learned words, for people's own queries; derived from the events, and never read back."""

    def replace(self, learned: Iterable[Learned], state: int) -> None:
        """Make these the learned words.

        Args:
            learned: all words, each once.
            state: the `EventLog.state` that they were derived from; what was derived from a later
                one stays.

        Raises:
            NotFound: there is no store.
        """

    def read(self) -> list[Learned]:
        """Return the learned words in order; none where there is no store."""
