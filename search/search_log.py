"""Logs what is searched for, in the background: no answer waits for it or fails because of it."""

import logging
import threading
import time

from indexer.errors import MagpieError
from indexer.kinds import Kind
from indexer.records import Searched
from indexer.stores import SearchLog
from indexer.times import iso_utc
from search.answers import Answer
from search.background import Later


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
