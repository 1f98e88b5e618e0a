"""Examples that users uploaded, described again by another network from their thumbnails."""

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from indexer.batches import batched
from indexer.errors import Unreadable
from indexer.events import Event, Upload
from indexer.imagenet import most_probable
from indexer.kinds import EventKind
from indexer.network.describer import Describer
from indexer.photos.decoding import decode
from indexer.stores import EventLog
from indexer.stores.events import time_text

WHO = "magpie"
"""The user of "describe" events."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a network was shown.

    Attributes:
        described: number of examples that it saw now.
        lost: names of those it cannot see, because their thumbnails were not kept.
    """

    described: int
    lost: tuple[str, ...]


def describe_examples(log: EventLog, describer: Describer) -> Seen:
    """Show a network all uploaded examples that it has not seen; add what it sees to the log.

    What other networks saw stays, so that searches by one of them still find it. Memory grows with
    the number of examples, by a few bytes each.

    Raises:
        StoreAway: what was described before that is in the log.
    """
    own = (describer.info.weights, describer.info.looks)
    uploads = (upload for event in log.read() for upload in event.uploads)
    known = {upload.id for upload in uploads if (upload.weights, upload.looks) == own}
    described, lost, own_events = 0, list[str](), list[Event]()
    for batch in batched(_unseen(log, known), describer.batch):
        seen = [upload for upload in _describe(batch, describer) if upload]
        if seen:
            own_events.append(_event(seen, describer.info.model))
            log.append(own_events[-1:])
        found = {upload.id for upload in seen}
        described += len(seen)
        lost += [upload.name for upload in batch if upload.id not in found]
    _take_back(log, own_events)
    return Seen(described, tuple(sorted(lost)))


def _take_back(log: EventLog, events: Iterable[Event]) -> None:
    """Remove from events what was removed from the log for good while they were made."""
    taught = (one for one in log.read() if one.kind != EventKind.DESCRIBE)
    there = {upload.id for one in taught for upload in one.uploads}
    stale = [one for one in events if any(upload.id not in there for upload in one.uploads)]
    if stale:
        log.overwrite(
            replace(one, uploads=tuple(upload for upload in one.uploads if upload.id in there))
            for one in stale
        )


def _unseen(log: EventLog, known: set[str]) -> Iterator[Upload]:
    for event in log.read():
        for upload in event.uploads:
            if event.kind != EventKind.DESCRIBE and upload.id not in known:
                known.add(upload.id)
                yield upload


def _describe(uploads: Iterable[Upload], describer: Describer) -> Iterator[Upload | None]:
    for upload in uploads:
        try:
            image = decode(upload.thumbnail, describer.side).image
        except Unreadable:
            yield None
            continue
        (seen,) = describer.describe_all([[describer.prepare(image)]])
        yield replace(
            upload,
            labels=most_probable(seen.probabilities[0]),
            vector=seen.vectors[0],
            thumbnail=b"",
            weights=describer.info.weights,
            looks=describer.info.looks,
        )


def _event(uploads: Iterable[Upload], model: str) -> Event:
    id, now = secrets.token_hex(8), time_text(datetime.now(UTC))
    return Event(
        id=id, time=now, kind=EventKind.DESCRIBE, user=WHO, target=model, uploads=tuple(uploads)
    )
