"""The log of what users taught to an Elasticsearch store: index NAME-feedback.

Each event has a checksum of itself, and in `previous` the ids of the newest ones that its writer
knew. Writers on several machines have no lock in common, so two events may follow the same one; the
next one names both. What vanishes is noticed where a later event names it, or the record of the
newest ones (see `NewestEvents`).

Events are numbered in the order of the index's own sequence numbers, from 1. They are written
without a refresh, which takes longer than the write: reading the log makes what is new visible, and
the process that wrote it knows it anyway.
"""

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import elasticsearch
from typing_extensions import override

from indexer.errors import MagpieError, NotFound, StoreAway
from indexer.events import Event
from indexer.stores.elasticsearch.bulk import Action, BulkWriter
from indexer.stores.elasticsearch.checkpoints import read_checkpoint
from indexer.stores.elasticsearch.indices import need_index
from indexer.stores.elasticsearch.newest import NewestEvents, named_by
from indexer.stores.elasticsearch.reader import IndexReader
from indexer.stores.elasticsearch.server import explained
from indexer.stores.event_checksums import (
    CHANGED,
    BadEvent,
    Skipped,
    canonical,
    checksum_of,
    ignore,
)
from indexer.stores.events import checked, to_document
from indexer.stores.log_protocols import EventLog
from indexer.stores.logged_events import from_log
from indexer.stores.urls import Address

PAGE = 1000

EXISTS = 409
"""Refused, because the event is in the log already."""

STRICT = "mapping set to strict"
"""Says that a field is not in the mapping of the index."""

TOO_LATE = 408
"""Answered where an index is not ready in time."""

START_SECONDS = 10
"""How long a new index may take until it is ready."""
START_TRIES, START_PAUSE_SECONDS = 20, 0.1
"""It may refuse searches for a moment after the server calls it ready."""


class ElasticsearchEvents(EventLog):
    """The documents of the index of feedback."""

    def __init__(
        self, client: elasticsearch.Elasticsearch, address: Address, newest: NewestEvents
    ) -> None:
        """Take what is told of the newest events; ask nothing yet."""
        self._client = client
        self._address = address
        self._newest = newest
        self.alias = f"{address.name}-feedback"
        self._reader = IndexReader(client, self.alias, address.location)
        self._writer = BulkWriter(client, self.alias, address.location)

    @override
    def append(self, events: Iterable[Event], restoring: bool = False) -> Mapping[str, int]:
        documents = list(self._chained(to_document(event) for event in checked(events)))
        try:
            numbers = self._create(documents)
        except NotFound:  # nothing was taught yet
            need_index(self._client, self._address, "feedback")
            numbers = self._create(documents)
        except MagpieError as error:
            # An index of an earlier Magpie gets the fields from the next `magpie index`.
            if STRICT not in str(error):
                raise
            documents = [_without_checks(document)[0] for document in documents]
            numbers = self._create(documents)
        for document in documents:
            if document["id"] in numbers:
                self._newest.see(document)
        return numbers

    def _create(self, documents: Iterable[Mapping[str, Any]]) -> dict[str, int]:
        """Write documents; return the numbers of those that are new."""
        actions = [
            Action(one["id"], {"create": {"_id": one["id"]}}, json.dumps(one)) for one in documents
        ]
        written: dict[str, int] = {}
        replace(self._writer, numbers=written).require(actions, but=(EXISTS,))
        return {id: number + 1 for id, number in written.items()}

    def _chained(self, documents: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        known = self._newest.ids()
        previous = list(self._last() if known is None else known)
        for document in documents:
            # As text where it is one, which is what earlier versions know.
            named = previous if len(previous) > 1 else "".join(previous)
            checked_one = document | ({"previous": named} if named else {})
            yield checked_one | {"checksum": checksum_of(canonical(checked_one))}
            previous = [document["id"]]

    def _last(self) -> list[str]:
        """Return the id of the event that was written last, in a list; [] where there is none."""
        try:
            self._reader.refresh()
            return [hit["_id"] for hit in self._reader.last("_seq_no")]
        except (NotFound, StoreAway):  # or another process may just be making the index
            return []

    @override
    def read(self, after: int = 0, skipped: Skipped = ignore) -> Iterator[Event]:
        self._newest.begin()
        for hit in self._hits(after):
            event = _event(hit)
            self._newest.see(hit["_source"] | {"id": hit["_id"]})
            if isinstance(event, BadEvent):
                skipped(event)
            else:
                yield event

    @override
    def overwrite(self, events: Iterable[Event]) -> None:
        given = {one.id: to_document(one) for one in checked(events)}
        hits = [hit for hit in self._hits(0) if hit["_id"] in given]
        actions = []
        for hit in hits:
            # Its checks too, where the index has fields for them: see `append`.
            checks = {name for name in ("previous", "checksum") if name in hit["_source"]}
            document = given[hit["_id"]]
            if "previous" in checks:
                document["previous"] = hit["_source"]["previous"]
            if "checksum" in checks:
                document["checksum"] = checksum_of(canonical(document))
            body = json.dumps(document)
            actions.append(Action(hit["_id"], {"index": {"_id": hit["_id"]}}, body))
        self._writer.require(actions)

    @override
    def verify(self) -> Iterator[str]:
        named = dict.fromkeys(self._newest.recorded(), "the record beside the log")
        ids = set()
        for hit in self._hits(0):
            event = _event(hit)
            ids.add(hit["_id"])
            if isinstance(event, BadEvent):
                yield f"{event}: delete the document and `magpie import` an export that has it"
            named |= dict.fromkeys(named_by(hit["_source"]), hit["_id"])
        for id in sorted(named.keys() - ids):
            yield (
                f"event {id}, which was there when {named[id]} was written, is missing: "
                "`magpie import` an export that has it"
            )

    def _hits(self, after: int) -> Iterator[dict[str, Any]]:
        newer = {"range": {"_seq_no": {"gte": after}}} if after else None
        try:
            if not self.state():  # tells that an index is red, for which a refresh waits a minute
                return
            self._reader.refresh()
            # By sequence number, not by id: the order in which the log was written.
            yield from self._reader.scan("_seq_no", True, newer, PAGE)
        except NotFound:  # nothing was taught yet
            return

    @override
    def state(self) -> int:
        for _ in range(START_TRIES):
            try:
                return read_checkpoint(self._reader)[1].safe + 1
            except NotFound:
                return 0
            except StoreAway:  # another process may just be making the index
                self._wait()
                time.sleep(START_PAUSE_SECONDS)
        raise self._reader.red()

    @override
    def count(self) -> int:
        if not self.state():
            return 0
        self._reader.refresh()
        return self._reader.count()

    def _wait(self) -> None:
        with explained(self._address.location, but=(TOO_LATE,)):
            try:
                self._client.cluster.health(
                    index=self.alias, wait_for_status="yellow", timeout=f"{START_SECONDS}s"
                )
            except elasticsearch.ApiError as error:
                if error.status_code == TOO_LATE:
                    raise self._reader.red() from error
                raise


def _event(hit: Mapping[str, Any]) -> Event | BadEvent:
    number = int(hit["sort"][0]) + 1
    try:
        document, checksum = _without_checks(hit["_source"])
        if checksum is not None and checksum != _checksum(hit["_source"]):
            raise ValueError(CHANGED)
        return from_log(document, number)
    except (ValueError, TypeError, RecursionError) as error:
        return BadEvent(number, str(hit["_id"]), str(error))


def _without_checks(source: Mapping[str, Any]) -> tuple[dict[str, Any], str | None]:
    """Return a document as exports have it, and its checksum; None where it has none."""
    document = dict(source)
    checksum = document.pop("checksum", None)
    document.pop("previous", None)
    return document, checksum


def _checksum(source: Mapping[str, Any]) -> str:
    return checksum_of(canonical({name: source[name] for name in source if name != "checksum"}))
