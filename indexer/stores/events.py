"""Events as JSON documents: what mappings/feedback.json describes and what export files hold.

What an event may hold is decided here alone: whatever is written to a log, by whichever door it
came, and whatever is read from one goes through `check`.
"""

import base64
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from indexer import imagenet
from indexer.errors import BadValue
from indexer.events import Event, Upload
from indexer.kinds import EventKind
from indexer.records import Label

TEXTS = ("id", "time", "kind", "user", "word", "query", "target")
LISTS = ("good", "bad", "shown")
REQUIRED = ("id", "time", "kind", "user")
TARGETED = (EventKind.UNDO, EventKind.DESCRIBE, EventKind.RENAME, EventKind.MERGE)
WORDLESS = (EventKind.UNDO, EventKind.DESCRIBE, EventKind.ERASE)

TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
YEARS = range(1970, 2262)
"""Elasticsearch's `date_nanos` holds no others; every store keeps to them."""
AHEAD = timedelta(days=1)
"""How far clocks of different machines may be apart."""

LONGEST_ID, LONGEST = 512, 32_000
"""Bytes of UTF-8. Elasticsearch takes no longer ids of documents, and no keywords above 32,766."""

UNWRITABLE = re.compile("[\0\ud800-\udfff]")
"""NUL, and halves of pairs of UTF-16, which no file in UTF-8 can hold."""

LONGEST_VECTOR = 1e4
"""Vectors have a length of 1. Much longer ones make sums of squares overflow."""


def time_text(moment: datetime) -> str:
    """Return a moment in UTC as events have it: "2024-05-01T12:00:00.000000Z"."""
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def to_document(event: Event) -> dict[str, Any]:
    """Return the document of an event; empty fields are left out."""
    fields: dict[str, Any] = {name: str(getattr(event, name)) for name in TEXTS}
    fields |= {name: list(getattr(event, name)) for name in LISTS}
    fields["uploads"] = [_from_upload(upload) for upload in event.uploads]
    return {name: value for name, value in fields.items() if value}


def from_document(document: Mapping[str, Any], number: int = 0) -> Event:
    """Return the event of a document, by whatever program it was written.

    Raises:
        ValueError: it is not an event; the message says why.
    """
    unknown = set(document) - {*TEXTS, *LISTS, "uploads"}
    if unknown:
        raise ValueError(f"unknown field {min(unknown)!r}")
    for name in REQUIRED:
        if not document.get(name):
            raise ValueError(f"field {name!r} is missing")
    texts: dict[str, Any] = {name: _text(name, document.get(name, "")) for name in TEXTS}
    if texts["kind"] not in list(EventKind):
        raise ValueError(f"unknown kind {texts['kind']!r}: use one of {', '.join(EventKind)}")
    lists: dict[str, Any] = {name: tuple(_list(name, document.get(name, []))) for name in LISTS}
    uploads = tuple(_to_upload(upload) for upload in _list("uploads", document.get("uploads", [])))
    kind = EventKind(texts.pop("kind"))
    event = Event(number=number, uploads=uploads, kind=kind, **lists, **texts)
    check(event)
    return event


def check(event: Event) -> None:
    """Refuse an event that would do harm later, whatever program made it.

    Raises:
        ValueError: a value cannot be what its field says; the message says why.
    """
    _check_time(event.time)
    if event.kind in TARGETED and not event.target:
        raise ValueError("field 'target' is missing")
    if event.kind not in WORDLESS and not event.word:
        raise ValueError("field 'word' is missing")
    for name, text in _texts_of(event):
        _check_text(name, text)
    for upload in event.uploads:
        _check_upload(upload)


def checked(events: Iterable[Event]) -> list[Event]:
    """Return events that may be written to a log.

    Raises:
        BadValue: one of them may not, see `check`; so none is to be written.
    """
    found = list(events)
    for event in found:
        try:
            check(event)
        except ValueError as error:
            raise BadValue(f"this cannot be noted: {error}; nothing was noted") from error
    return found


def check_past(event: Event) -> None:
    """Refuse an event from the future, as later ones would have to be later still.

    Raises:
        ValueError: its time is more than a day ahead of this machine's clock.
    """
    if datetime.fromisoformat(event.time) > datetime.now(UTC) + AHEAD:
        raise ValueError(f"time {event.time!r} is in the future: check the clocks")


def _check_time(time: str) -> None:
    if not TIME.fullmatch(time):
        raise ValueError(f"time {time!r} is not like 2024-05-01T12:00:00.000000Z")
    try:
        year = datetime.fromisoformat(time).year
    except ValueError as error:
        raise ValueError(f"time {time!r} is not a date and time ({error})") from error
    if year not in YEARS:
        raise ValueError(f"time {time!r} is not between {YEARS[0]} and {YEARS[-1]}")


def _texts_of(event: Event) -> Iterator[tuple[str, str]]:
    for name in TEXTS:
        yield name, str(getattr(event, name))
    for name in LISTS:
        yield from ((name, text) for text in getattr(event, name))
    for upload in event.uploads:
        yield "uploads", upload.id
        yield "uploads", upload.name
        yield "uploads", upload.weights


def _check_text(name: str, text: str) -> None:
    found = UNWRITABLE.search(text)
    if found:
        raise ValueError(f"field {name!r} has {found[0]!a} in it, which is not text")
    most = LONGEST_ID if name == "id" else LONGEST
    if len(text.encode()) > most:
        raise ValueError(f"field {name!r} is longer than {most:,} bytes")


def _check_upload(upload: Upload) -> None:
    for label in upload.labels:
        if not imagenet.is_class(label.wnid):
            raise ValueError(f"an uploaded example has the unknown label {label.wnid!r}")
        if not 0 < label.probability <= 1:
            raise ValueError(f"an uploaded example has a probability of {label.probability}")
    # In float64: squares of float32 overflow.
    length = float(np.linalg.norm(np.asarray(upload.vector, np.float64)))
    if not 0 < length <= LONGEST_VECTOR:
        raise ValueError(f"an uploaded example has a vector of length {length:.4g}, not 1")
    if upload.looks < 1:
        raise ValueError(f"an uploaded example has {upload.looks} looks")


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"field {name!r} is not text")
    return value


def _list(name: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"field {name!r} is not a list")
    if name != "uploads" and not all(isinstance(item, str) for item in value):
        raise ValueError(f"field {name!r} is not a list of texts")
    return value


def _from_upload(upload: Upload) -> dict[str, Any]:
    vector = np.asarray(upload.vector, "<f4")
    weights = {"weights": upload.weights} if upload.weights else {}
    looks = {"looks": upload.looks} if upload.looks != 1 else {}
    return {
        "id": upload.id,
        "name": upload.name,
        "labels": {label.wnid: label.probability for label in upload.labels},
        "vector": base64.b64encode(vector.tobytes()).decode(),
        "thumbnail": base64.b64encode(upload.thumbnail).decode(),
        **weights,
        **looks,
    }


def _to_upload(document: Any) -> Upload:
    try:
        return Upload(
            id=_text("id", document["id"]),
            name=_text("name", document["name"]),
            labels=tuple(Label(wnid, float(p)) for wnid, p in document["labels"].items()),
            vector=np.frombuffer(_decode(document["vector"]), "<f4").astype(np.float32),
            thumbnail=_decode(document["thumbnail"]),
            weights=_text("weights", document.get("weights", "")),
            looks=_looks(document.get("looks", 1)),
        )
    except (KeyError, TypeError, AttributeError, OverflowError, ValueError) as error:
        raise ValueError(f"an uploaded example is damaged ({error!r})") from error


def _looks(value: Any) -> int:
    if type(value) is not int:  # nor a bool
        raise ValueError(f"looks is {value!r}, not a whole number")
    return value


def _decode(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
