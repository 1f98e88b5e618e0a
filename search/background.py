"""Work that no answer waits for, and that fails none: done once for all who asked within a second.

The log of searches is written so.
"""

import logging
import threading
import time
from collections.abc import Callable

from indexer.errors import MagpieError
from indexer.kinds import Kind
from indexer.queries import Searched
from indexer.stores import SearchLog
from indexer.times import iso_utc
from search.answers import Answer

WAIT_SECONDS = 1.0


class Later:
    """Does one kind of work in the background. One object serves all threads."""

    def __init__(self, work: Callable[[], None]) -> None:
        """Take the work, which must not raise; do nothing yet."""
        self._work = work
        self._lock = threading.Lock()
        self._working = threading.Lock()
        self._timer: threading.Timer | None = None

    def ask(self) -> None:
        """Have the work done within a second, or by `flush`."""
        with self._lock:
            if self._timer is None:
                self._timer = threading.Timer(WAIT_SECONDS, self.flush)
                self._timer.daemon = True
                self._timer.start()

    def flush(self) -> None:
        """Do now what was asked for; return when it is done, by whichever thread."""
        with self._working:  # the caller may close what the work needs afterwards
            with self._lock:
                timer, self._timer = self._timer, None
            if timer is not None:
                timer.cancel()
                self._work()


class SearchWriter:
    """Gathers searches and writes them in the background. One object serves all threads."""

    def __init__(self, searches: SearchLog) -> None:
        """Write nothing yet."""
        self._searches = searches
        self._gathered: list[Searched] = []
        self._lock = threading.Lock()
        self._writing = Later(self._write)

    def note(self, answer: Answer, user: str, milliseconds: float) -> None:
        """Keep a search; it is written within a second, or by `flush`."""
        searched = Searched(
            time=iso_utc(time.time_ns()),
            user=user,
            query=answer.query,
            familiar=answer.familiar,
            unfamiliar=tuple(part.word for part in answer.parts if part.kind == Kind.UNFAMILIAR),
            hits=len(answer.hits),
            milliseconds=round(milliseconds, 3),
        )
        with self._lock:
            self._gathered.append(searched)
        self._writing.ask()

    def flush(self) -> None:
        """Write what was gathered; what cannot be written is lost, as on a read-only disk."""
        self._writing.flush()

    def _write(self) -> None:
        with self._lock:
            gathered, self._gathered = self._gathered, []
        try:
            self._searches.append(gathered)
        except MagpieError as error:
            logging.getLogger(__name__).info(
                "%s searches were not logged: %s", len(gathered), error
            )
