"""Which events of an Elasticsearch store are the newest, so that none vanishes unnoticed.

Each event names those before it, but nothing in the log names the newest. They are recorded within
a second in an index beside it, NAME-words, in a document of its own. Only events that are safe in
the log are recorded: a server that dies between the two leaves a record that is too old, never one
of events that nobody was told are kept.
"""

import json
import threading
from collections.abc import Mapping, Sequence
from typing import Any

import elasticsearch

from indexer.errors import NotFound
from indexer.kinds import EventKind
from indexer.stores.elasticsearch.bulk import Action
from indexer.stores.elasticsearch.server import explained
from indexer.stores.urls import Address

MOST = 16
"""Events that are named at most; more than are written at the same moment."""

RECORD = "newest-events"
"""Id of the document; those of words are hexadecimal."""


def words_name(name: str) -> str:
    """Return the alias of the index of words of the store `name`."""
    return f"{name}-words"


def named_by(document: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the ids that the document of an event names as those before it."""
    previous = document.get("previous") or ()
    return (previous,) if isinstance(previous, str) else tuple(map(str, previous))


class NewestEvents:
    """The events that none of those known here names. One object serves all threads."""

    def __init__(self, client: elasticsearch.Elasticsearch, address: Address) -> None:
        """Know of no event yet."""
        self._client = client
        self._address = address
        self._lock = threading.Lock()
        self._ids: dict[str, bool] | None = None  # id -> whether it names those before it
        self._recorded: tuple[str, ...] = ()

    def begin(self) -> None:
        """Take a log that was read for empty until events of it are seen."""
        with self._lock:
            self._ids = self._ids or {}

    def see(self, document: Mapping[str, Any]) -> None:
        """Take an event of the log into account, and those that it names.

        Those of earlier Magpies name none: the newest of them stands for all.
        """
        names = "checksum" in document
        # What stands for an event that was removed for good is written again and is not new.
        is_new = document.get("kind") != EventKind.ERASE or bool(document.get("shown"))
        with self._lock:
            ids = {id: named for id, named in (self._ids or {}).items() if named or names}
            for one in named_by(document):
                ids.pop(one, None)
            if is_new:
                ids[str(document.get("id"))] = names
            self._ids = dict(list(ids.items())[-MOST:])

    def ids(self) -> tuple[str, ...] | None:
        """Return the ids; None where nothing was read yet."""
        with self._lock:
            return None if self._ids is None else tuple(self._ids)

    def to_record(self, state: int) -> list[Action]:
        """Return the write that records the events, if they are others than last time.

        Args:
            state: of the log; what was recorded of a later one stays.
        """
        ids = self.ids() or ()
        if set(ids) == set(self._recorded):
            return []
        self._recorded = ids
        head = {"_id": RECORD, "version": state, "version_type": "external_gte"}
        return [Action(RECORD, {"index": head}, json.dumps({"newest": ids}))]

    def recorded(self) -> Sequence[str]:
        """Return the ids that were recorded last, by whichever process."""
        try:
            with explained(self._address.location):
                answer = self._client.mget(index=words_name(self._address.name), ids=[RECORD])
        except NotFound:
            return ()
        (found,) = answer["docs"]
        return tuple(found["_source"]["newest"]) if found.get("found") else ()
